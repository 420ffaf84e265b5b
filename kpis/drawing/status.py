"""Status as word, shape and colour: the one definition every page, picture, mail and file uses."""

from dataclasses import dataclass
from typing import Final

_RING = '<circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" stroke-width="1.5"/>'
_HANDS = '<path d="M6 3.2v3l1.8 1.1" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"/>'
_TICK = '<path class="status-cut" d="M3.4 6.2 5.3 8 8.7 4.3" fill="none" stroke-width="1.5"/>'
_QUARTER = '<path d="M6 6V1.5A4.5 4.5 0 0 1 10.5 6z" fill="currentColor"/>'
_DOTTED = _RING.replace("/>", ' stroke-dasharray="2 1.5"/>')
_HALF = '<path d="M6 1.5a4.5 4.5 0 0 0 0 9z" fill="currentColor"/>'


@dataclass(frozen=True, slots=True)
class Status:
    """One status: its key in the data, its word, its shape as a character and as SVG within 12 x 12, and whether one
    has to act.
    """

    key: str
    word: str
    glyph: str
    shape: str
    calls_for_action: bool = False


_ALL = (
    Status("on_track", "On track", "●", '<circle cx="6" cy="6" r="5" fill="currentColor"/>'),
    Status("at_risk", "At risk", "▲", '<path d="M6 .8 11.6 11H.4z" fill="currentColor"/>', calls_for_action=True),
    Status(
        "off_track", "Off track", "■", '<path d="M1.2 1.2h9.6v9.6H1.2z" fill="currentColor"/>', calls_for_action=True
    ),
    Status("no_data", "No data", "○", _RING),
    Status("no_target", "No target", "\u2013", '<path d="M1.5 6h9" stroke="currentColor" stroke-width="2"/>'),
    Status("incomplete", "Incomplete", "◐", _RING + _HALF),
    Status("late", "Late", "◷", _RING + _HANDS, calls_for_action=True),
    Status("stale", "Out of date", "◷", _RING + _HANDS),
    # What only objectives and key results are.
    Status("achieved", "Achieved", "✓", f'<circle cx="6" cy="6" r="5.5" fill="currentColor"/>{_TICK}'),
    Status("too_early", "Too early to tell", "◔", _RING + _QUARTER),
    Status("not_started", "Not started", "○", _DOTTED),
)
STATUSES: Final[dict[str, Status]] = {status.key: status for status in _ALL}


def status_of(key: str) -> Status:
    """Return the status named ``key``; raises ``KeyError`` with the names that exist."""
    try:
        return STATUSES[key]
    except KeyError:
        raise KeyError(f"No status is called {key!r}; there are {', '.join(STATUSES)}.") from None


def status_icon(key: str) -> str:
    """Return the shape of a status as inline SVG; the word beside it says the same, so it is hidden from screen
    readers.
    """
    shape = status_of(key).shape
    return f'<svg class="status-icon" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">{shape}</svg>'


def status_mark(key: str, *, badge: bool = False, note: str = "") -> str:
    """Return shape and word of a status as HTML; ``note`` (already escaped) follows the word, as in "Late, due 5
    December".
    """
    kind = "status status-badge" if badge else "status"
    word = status_of(key).word + (f", {note}" if note else "")
    return f'<span class="{kind} status-{key}">{status_icon(key)}<span>{word}</span></span>'

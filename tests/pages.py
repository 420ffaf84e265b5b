"""Forms of pages as a browser would send them."""

from html.parser import HTMLParser
from typing import Any


def filled_in(page: str, **typed: Any) -> dict[str, Any]:
    """All that the page's forms hold, with what is typed in some of their fields; None empties a field's box."""
    reader = _Reader()
    reader.feed(page)
    return {name: value for name, value in (reader.found | typed).items() if value is not None}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        name, value = attributes.get("name") or "", attributes.get("value") or ""
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and (self._select not in self.found or "selected" in attributes):
            self.found[self._select] = value
        elif tag == "textarea" and name:
            self._textarea, self.found[name] = name, ""
        elif tag == "input" and name:
            is_box = attributes.get("type") in ("radio", "checkbox")
            if not is_box or "checked" in attributes:
                self.found[name] = value or ("on" if is_box else "")

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.found[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            # A browser leaves out the line break after the tag.
            self.found[self._textarea] = self.found[self._textarea].removeprefix("\r\n").removeprefix("\n")
            self._textarea = ""

"""Keys derived from names: what formulas, URLs and pushes call a KPI by."""

import re
import unicodedata
from collections.abc import Container
from itertools import chain, count

LONGEST = 64
FALLBACK = "kpi"


def key_from(name: str, taken: Container[str] = frozenset()) -> str:
    """A key for a KPI called ``name``: "Net revenue (€)" -> ``net_revenue``.

    Accents fall away; a name without Latin letters gives ``kpi``, one that begins with a digit begins with ``kpi_``. A
    key that is ``taken`` gets the next free number: ``net_revenue_2``.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", plain.replace("'", "")).strip("_")
    stem = words if words[:1].isalpha() else f"{FALLBACK}_{words}".rstrip("_")
    candidates = chain([""], (f"_{number}" for number in count(2)))
    return next(key for end in candidates if (key := stem[: LONGEST - len(end)].rstrip("_") + end) not in taken)

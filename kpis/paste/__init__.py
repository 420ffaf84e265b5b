"""From a piece of a spreadsheet, copied and pasted, to series of dated numbers. Pure: text in, plain values out.

``table`` splits the text into cells, ``dates`` and ``numbers`` read them by the whole of what is there, ``layout``
finds which line holds the dates, ``matching`` which series is which KPI.
"""

from kpis.paste.layout import Cell, Line, Reading, Series, read
from kpis.paste.matching import match
from kpis.paste.table import UnreadableError
from kpis.paste.units import in_unit, likely_frequency, likely_unit

__all__ = [
    "Cell",
    "Line",
    "Reading",
    "Series",
    "UnreadableError",
    "in_unit",
    "likely_frequency",
    "likely_unit",
    "match",
    "read",
]

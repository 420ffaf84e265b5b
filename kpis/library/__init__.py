"""KPIs as the field defines them, by business function, to begin with instead of a blank form. Pure.

One module per category holds its templates; ``catalogue`` finds them. A formula is over other templates' slugs, so
``closure`` names everything that has to be there for it. Formulas that look back 12 periods count months: judged by
the quarter, write 4 instead.
"""

from kpis.library.catalogue import by_category, closure, search, template, templates
from kpis.library.template import MONEY, Category, Template, in_currency

__all__ = ["MONEY", "Category", "Template", "by_category", "closure", "in_currency", "search", "template", "templates"]

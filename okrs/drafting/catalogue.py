"""All templates of objectives, by the function of a company that they are for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from okrs.drafting.functions import (
    customer_success,
    engineering,
    finance,
    marketing,
    operations,
    people,
    product,
    quality_and_compliance,
    sales,
)
from okrs.drafting.template import Function, ObjectiveTemplate

NAMES: Final[Mapping[Function, str]] = MappingProxyType(
    {
        "sales": "Sales",
        "marketing": "Marketing",
        "product": "Product",
        "engineering": "Engineering",
        "people": "People",
        "customer_success": "Customer success",
        "operations": "Operations",
        "finance": "Finance",
        "quality_and_compliance": "Quality and compliance",
    }
)
_TEMPLATES: Final[Mapping[Function, Sequence[ObjectiveTemplate]]] = MappingProxyType(
    {
        "sales": sales.TEMPLATES,
        "marketing": marketing.TEMPLATES,
        "product": product.TEMPLATES,
        "engineering": engineering.TEMPLATES,
        "people": people.TEMPLATES,
        "customer_success": customer_success.TEMPLATES,
        "operations": operations.TEMPLATES,
        "finance": finance.TEMPLATES,
        "quality_and_compliance": quality_and_compliance.TEMPLATES,
    }
)


def objective_templates() -> Mapping[Function, Sequence[ObjectiveTemplate]]:
    """The templates of each function, in the order in which they are best read."""
    return _TEMPLATES

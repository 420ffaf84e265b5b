"""The whole library, and ways to find something in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from kpis.library import compliance, customer, financial, marketing, operations, people, product, quality, sales
from kpis.library.template import Template

_GROUPS: Final = (
    financial.TEMPLATES,
    sales.TEMPLATES,
    marketing.TEMPLATES,
    customer.TEMPLATES,
    product.TEMPLATES,
    operations.TEMPLATES,
    quality.TEMPLATES,
    people.TEMPLATES,
    compliance.TEMPLATES,
)
_TEMPLATES: Final = tuple(template for group in _GROUPS for template in group)
_BY_SLUG: Final = {template.slug: template for template in _TEMPLATES}


def templates() -> Sequence[Template]:
    """All templates, category by category, each category in the order in which it is best read."""
    return _TEMPLATES


def template(slug: str) -> Template:
    """The template called ``slug``. Raises KeyError for a slug that the library does not have."""
    return _BY_SLUG[slug]


def by_category() -> Mapping[str, Sequence[Template]]:
    """The templates of each category, in the order of ``templates``."""
    found: dict[str, list[Template]] = {}
    for one in _TEMPLATES:
        found.setdefault(one.category, []).append(one)
    return found


def closure(slug: str) -> list[Template]:
    """A template with everything its formula is worked out from, operands before those that use them, itself last.

    Each stands in it once. Raises KeyError for a slug that the library does not have.
    """
    ordered: dict[str, Template] = {}
    _collect(template(slug), ordered)
    return list(ordered.values())


def _collect(wanted: Template, ordered: dict[str, Template]) -> None:
    for operand in wanted.operands:
        if operand not in ordered:
            _collect(template(operand), ordered)
    ordered[wanted.slug] = wanted


def search(
    text: str = "", *, category: str = "", level: str = "", indicator: str = "", kind: str = ""
) -> list[Template]:
    """The templates that hold every word of ``text`` and are as asked; an empty argument asks for nothing.

    Words are looked for anywhere in the name, the slug, other names and the description, in any case. Those with all
    words in their name or other names come first, each group in the order of ``templates``.
    """
    words = text.casefold().split()
    asked = {"category": category, "level": level, "indicator": indicator, "kind": kind}
    wanted = {field: value for field, value in asked.items() if value}
    fitting = [one for one in _TEMPLATES if all(getattr(one, field) == value for field, value in wanted.items())]
    found = [one for one in fitting if _holds(f"{_names(one)} {one.description}", words)]
    return sorted(found, key=lambda one: not _holds(_names(one), words))


def _names(one: Template) -> str:
    return f"{one.name} {one.slug} {one.also}"


def _holds(text: str, words: Sequence[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)

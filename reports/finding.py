"""What is called by some words, of all that an organization pursues and measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from kpis.models import Kpi
from kpis.presenting.figures import mark
from okrs.models import KeyResult, Objective

MOST: Final = 20  # of each
NO_STATUS: Final = mark_safe("")


@dataclass(frozen=True, slots=True)
class Hit:
    """Something by its name; ``note`` says where it belongs."""

    title: str
    href: str
    note: str
    status: SafeString = NO_STATUS


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind, the first ``MOST`` of them; ``rest`` leads to all where there are more and a list has them."""

    name: str
    icon: str
    hits: Sequence[Hit]
    is_cut: bool
    rest: str = ""


def found(text: str, slug: str) -> list[Group]:
    """KPIs in use, objectives and key results of every cycle whose names hold the text, in one statement each."""
    kpis = list(Kpi.objects.active().search(text).with_status().with_people().order_by("name", "id")[: MOST + 1])
    objectives = list(Objective.objects.search(text).with_people().order_by("-cycle__starts_on", "id")[: MOST + 1])
    key_results = KeyResult.objects.search(text).with_context().order_by("-objective__cycle__starts_on", "id")
    groups = [
        _group("KPIs", "gauge", [_kpi(row, slug) for row in kpis], reverse("kpis:list", args=[slug])),
        _group("Objectives", "target", [_objective(row, slug) for row in objectives]),
        _group("Key results", "stairs-up", [_key_result(row, slug) for row in key_results[: MOST + 1]]),
    ]
    return [group for group in groups if group.hits]


def _group(name: str, icon: str, hits: Sequence[Hit], rest: str = "") -> Group:
    return Group(name, icon, hits[:MOST], len(hits) > MOST, rest)


def _kpi(row: Kpi, slug: str) -> Hit:
    href = reverse("kpis:detail", args=[slug, row.key])
    return Hit(row.name, href, _joined(row.department, row.owner), mark(str(row.status)))  # type: ignore[attr-defined]


def _objective(row: Objective, slug: str) -> Hit:
    href = reverse("okrs:objective", args=[slug, row.pk])
    return Hit(row.title, href, _joined(row.department or "The whole company", row.owner, row.cycle))


def _key_result(row: KeyResult, slug: str) -> Hit:
    href = reverse("okrs:key-result", args=[slug, row.pk])
    return Hit(row.title, href, _joined(row.objective, row.owner, row.objective.cycle))


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)

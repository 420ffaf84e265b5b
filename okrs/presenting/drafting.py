"""Help while an objective or a key result is being written: what would be better, which KPI is meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

from kpis.library import template as library_template
from kpis.models import Kpi
from okrs.drafting.lint import key_result_findings, objective_findings
from okrs.drafting.matching import KnownKpi, matching
from okrs.progress import Kind

LONGEST: Final = 400
NUMBERS: Final = ("target", "low", "high")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A KPI that the title names, to be linked."""

    id: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What there is to say of a draft."""

    findings: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    is_good: bool = False


def objective_draft(title: str) -> Draft:
    """What would be better about an objective's title."""
    said = title[:LONGEST]
    findings = tuple(finding.words for finding in objective_findings(said))
    return Draft(findings, is_good=bool(said.strip()) and not findings)


def key_result_draft(given: Mapping[str, str]) -> Draft:
    """What would be better about a key result as it is typed, and which KPI it might mean."""
    title = given.get("title", "")[:LONGEST]
    has_target = any(given.get(name, "").strip() for name in NUMBERS)
    findings = tuple(finding.words for finding in key_result_findings(title, _kind(given), has_target=has_target))
    suggested = () if given.get("kpi") or _kind(given) == "milestones" else _suggested(title)
    return Draft(findings, suggested, is_good=bool(title.strip()) and not findings)


def _kind(given: Mapping[str, str]) -> Kind:
    found: Kind = next((kind for kind in get_args(Kind) if kind == given.get("kind")), "metric")
    return found


def _suggested(title: str) -> tuple[Suggestion, ...]:
    if not title.strip():
        return ()
    rows = list(Kpi.objects.active().values_list("pk", "key", "name"))
    ids = {key: (pk, name) for pk, key, name in rows}
    found = matching(title, [KnownKpi(key, name, _synonyms(key)) for _, key, name in rows])
    return tuple(Suggestion(str(ids[match.key][0]), match.key, ids[match.key][1]) for match in found)


def _synonyms(key: str) -> tuple[str, ...]:
    """What else the library calls a KPI that was made from it."""
    try:
        also = library_template(key).also
    except KeyError:
        return ()
    return tuple(word.strip() for word in also.split(",") if word.strip())

"""Everything the page of a key result shows, each part read when it is first asked for and put into words."""

import datetime as dt
from functools import cached_property

from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.actors import Actor
from accounts.models import Organization
from kpis.engine.units import Unit, UnitKind
from kpis.models import Standing
from kpis.models.choices import Status
from kpis.presenting.figures import Figures as KpiFigures
from kpis.presenting.figures import mark as kpi_mark
from kpis.units import unit_words
from okrs.actions.permissions import may_edit_key_result
from okrs.models import CheckIn, Initiative, KeyResult, Milestone
from okrs.models.choices import KeyResultKind, Reads
from okrs.presenting import words
from okrs.presenting.charts import KeyResultChart
from okrs.presenting.figures import Figures, mark, percent
from okrs.presenting.initiatives import Work, work_of
from okrs.presenting.looking import Looking
from okrs.presenting.rows import bar_of, contradiction_of, ends_of, grade_words
from okrs.presenting.said import Former, Said, check_ins_of, said_of, taken_back
from okrs.presenting.versions import VersionLine, key_result_versions
from okrs.presenting.why import WhyStep, why
from okrs.reading import KeyResultView, NotThereYetError, load_key_result

LISTED = 6


class KeyResultPage:
    """What one reader sees of one key result; from the past, nothing can be said or changed."""

    def __init__(self, key_result: KeyResult, organization: Organization, actor: Actor, looking: Looking) -> None:
        self.stored, self.organization, self.slug = key_result, organization, organization.slug
        self.looking, self.view = self._looked(looking)
        self.figures, self.actor = Figures(self.view.key_result), actor
        is_open = self.looking.as_of is None and not key_result.objective.cycle.is_closed
        self.may_edit = is_open and may_edit_key_result(actor, key_result)

    def _looked(self, looking: Looking) -> tuple[Looking, KeyResultView]:
        try:
            return looking, self._load(looking)
        except NotThereYetError as error:
            now = looking.of_now(f"{error} Here it is as it is today.")
            return now, self._load(now)

    def _load(self, looking: Looking) -> KeyResultView:
        return load_key_result(self.organization, self.stored, looking.day, looking.as_of)

    @property
    def key_result(self) -> KeyResult:
        """As it is, or was then."""
        return self.view.key_result

    @property
    def address(self) -> str:
        return reverse("okrs:key-result", args=[self.slug, self.stored.pk])

    @property
    def live_address(self) -> str:
        return self.address + self.looking.query

    @property
    def objective_address(self) -> str:
        return reverse("okrs:objective", args=[self.slug, self.key_result.objective_id]) + self.looking.query

    # Its standing

    @property
    def status(self) -> SafeString:
        return mark(self.view.status, badge=True)

    @property
    def ends(self) -> tuple[SafeString, SafeString, SafeString]:
        """(start, current, target)."""
        return ends_of(self.view, self.figures)

    @property
    def current(self) -> SafeString:
        return self.ends[1]

    @property
    def goal(self) -> str:
        """What it is about, in words, with the start it has."""
        own = self.key_result
        if own.kind == KeyResultKind.METRIC and own.start is None and self.view.start is not None:
            return f"from {self.figures.short(self.view.start)} to {self.figures.short(own.target)}"
        if own.kind == KeyResultKind.MILESTONES:
            return f"reach {words.counted(len(self.view.milestones), 'milestone')}"
        return self.figures.goal()

    @property
    def progress(self) -> str:
        return percent(self.view.progress_raw)

    @property
    def expected(self) -> str:
        return percent(self.view.expected)

    @property
    def bar(self) -> SafeString:
        return bar_of(self.view)

    @property
    def pace(self) -> str:
        return words.pace_words(self.view.progress_raw, self.view.expected, self.view.status)

    @property
    def confidence(self) -> SafeString | str:
        return mark(self.view.confidence) if self.view.confidence else ""

    @property
    def contradiction(self) -> str:
        return contradiction_of(self.view, self.key_result.owner)

    @property
    def due(self) -> str:
        if self.looking.as_of:
            return ""
        return words.due_words(self.view.next_due, self.view.owed_since, self.looking.day)

    @property
    def cadence(self) -> str:
        return words.cadence_words(self.key_result.cadence, self.key_result.cadence_day)

    @property
    def grade(self) -> str:
        return grade_words(self.view.grade)

    @property
    def last_said(self) -> str:
        said = self.view.check_in
        return f"{said.member or 'A program'}, {words.ago_words(said.on, self.looking.day)}" if said else ""

    # The KPI that moves it

    @cached_property
    def kpi_standing(self) -> Standing | None:
        return Standing.objects.filter(kpi_id=self.key_result.kpi_id).first() if self.key_result.kpi_id else None

    @property
    def kpi_status(self) -> SafeString:
        """The KPI's own status, which is about its own target."""
        standing = self.kpi_standing
        return kpi_mark(Status.shown(standing.status, is_late=standing.is_late) if standing else "no_data")

    @property
    def kpi_value(self) -> SafeString | str:
        if self.key_result.kpi is None or self.kpi_standing is None:
            return ""
        return KpiFigures(self.key_result.kpi).html(self.kpi_standing.value, short=True)

    @property
    def reads(self) -> str:
        return Reads(self.key_result.reads).label if self.key_result.reads else ""

    # Its course

    @cached_property
    def check_ins(self) -> list[CheckIn]:
        return check_ins_of(self.stored, self.looking.as_of)

    @cached_property
    def said(self) -> list[Said]:
        return said_of(self.check_ins, self.key_result, with_formers=not self.looking.as_of)

    @property
    def latest_said(self) -> list[Said]:
        return self.said[:LISTED]

    @property
    def earlier_said(self) -> list[Said]:
        return self.said[LISTED:]

    @property
    def taken_back(self) -> list[tuple[dt.date, Former]]:
        return [] if self.looking.as_of else taken_back(self.check_ins, self.stored)

    @cached_property
    def chart(self) -> KeyResultChart:
        return KeyResultChart(self.view, self.check_ins, self.looking.today)

    @property
    def notes(self) -> list[Said]:
        """The comments whose numbers stand in the chart, oldest first."""
        return [one for one in reversed(self.said) if one.number]

    @cached_property
    def why(self) -> WhyStep:
        return why(self.view, {})

    # What it consists of, and what is done for it

    @property
    def milestones(self) -> list[Milestone]:
        return list(self.view.milestones)

    @property
    def weighs_alike(self) -> bool:
        return len({row.weight for row in self.view.milestones}) <= 1

    @cached_property
    def initiatives(self) -> list[Work]:
        if self.looking.as_of:
            return []
        rows = Initiative.objects.filter(key_result=self.stored).in_order()
        rows = rows.select_related("key_result__objective", "owner__user")
        return work_of(rows, self.actor, self.looking.today, is_open=not self.stored.objective.cycle.is_closed)

    @cached_property
    def versions(self) -> list[VersionLine]:
        return key_result_versions(self.stored)

    # Checking in

    @property
    def value_label(self) -> str:
        """The name of the field for a value: "Value in EUR"."""
        unit = Unit.parse(self.key_result.shown_unit)
        return "Value now" if unit.kind is UnitKind.NUMBER else f"Value now, in {unit_words(unit)}"

    @property
    def why_no_value(self) -> str:
        """Why a check-in takes no value, if it takes none."""
        if self.key_result.kpi:
            return f"The value comes from “{self.key_result.kpi.name}”; say how sure you are, and why."
        if self.key_result.kind == KeyResultKind.MILESTONES:
            return "It moves with its milestones; tick what is done, and say how sure you are."
        return ""

"""Whatever an organization has been through, every change of every KPI can be asked about, now and as it was known."""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from accounts.actors import SYSTEM
from accounts.errors import ConflictError
from accounts.models import Organization
from kpis.actions.definitions import archive_kpi, create_kpi, restore_kpi, update_kpi
from kpis.actions.links import LinkSpec, links_of, set_parents
from kpis.actions.measurements import record_measurements
from kpis.actions.purging import purge_kpi
from kpis.actions.targets import TargetRow, set_targets
from kpis.compute import compute
from kpis.compute.whatif import WhatIfRefusedError, what_if
from kpis.engine.explaining.explanation import Part
from kpis.engine.what_if import Override
from kpis.explained import explained
from kpis.ingest import Batch
from kpis.models import Kpi
from kpis.models.measurements import Via
from kpis.standpoint import NotThereYetError, Standpoint, then_of, today_of
from tests.cast import NOW
from tests.lots import examples

FREQUENCIES = ("daily", "weekly", "monthly", "monthly", "quarterly", "yearly")
FORMULAS = (
    "{a} / {b}",
    "{a} - prev({b}, 2)",
    "ytd({a}) / ytd({b})",
    "qtd({a}) + {b}",
    "rolling_sum({a}, 3) - {c}",
    "same_period_last_year({a}) + {b}",
    "growth({a}) * 100",
    "coalesce({a}, 0) + {b} / {c}",
    "children_sum() + coalesce({a}, 0)",
    "children_mean({a}) - {b}",
    "children_sum({a}) + {a}",
    "if({a} > {b}, {a}, {c})",
    "5",
)
FIRST, DAYS = dt.date(2024, 10, 3), 800
SIZE = {"measured": 5, "computed": 6}


class Company:
    """Made and changed by chance through the verbs of the product; ``now`` goes on with every one of them."""

    def __init__(self, organization: Organization, chance: random.Random) -> None:
        self.organization, self.chance, self.now = organization, chance, NOW
        self.instants = [NOW]
        for number in range(SIZE["measured"]):
            self._define(f"m{number}", source="measured")
            self.measure()
        for number in range(SIZE["computed"]):
            self.compute_more(f"c{number}")
        steps = [self.link, self.link, self.archive, self.redefine, self.rename, self.purge, self.target]
        for _ in range(12):
            self._try(chance.choice(steps))
        compute(organization, now=self.now)

    def compute_more(self, key: str) -> None:
        if self.chance.random() < 0.5:
            self._try(lambda: self._define(key, source="formula", formula=self._formula()))
            return
        rollup = self.chance.choice(["sum", "mean", "weighted_mean", "min", "max"])
        self._define(key, source="rollup", rollup=rollup)
        for _ in range(3):
            self._try(self.link)

    def measure(self) -> None:
        measured = list(Kpi.objects.filter(source="measured").order_by("pk"))
        kpi, count = measured[-1], self.chance.choice([0, 3, 30, 90])
        days = sorted({self.chance.randrange(DAYS) for _ in range(count)})
        dates = [date for day in days if (date := FIRST + dt.timedelta(days=day)) <= self.now.date()]
        values = [round(self.chance.uniform(-5, 100), 2) for _ in dates]
        batch = Batch([kpi.pk] * len(dates), dates, values, [""] * len(dates), received=len(dates))
        record_measurements(SYSTEM, batch, organization=self.organization, via=Via.API, now=self.now)

    def link(self) -> None:
        child, parent = self._some(2)
        held = [LinkSpec.of(row) for row in links_of(child)]
        starts, ends = self._date(), self._date()
        between = (starts, ends) if starts and ends and starts < ends else (starts, None)
        joined = LinkSpec(parent, self.chance.choice([1.0, 2.5]), 1, *between)
        set_parents(SYSTEM, child, self.chance.choice([[*held, joined], [joined], []]), now=self.now)

    def archive(self) -> None:
        (kpi,) = self._some(1)
        (restore_kpi if kpi.archived_at else archive_kpi)(SYSTEM, kpi, now=self.now)

    def redefine(self) -> None:
        (kpi,) = self._some(1)
        changed = {"frequency": self.chance.choice(FREQUENCIES)} if self.chance.random() < 0.5 else {}
        if kpi.source == "formula":
            changed["formula"] = self._formula()
        if kpi.source == "measured" and self.chance.random() < 0.5:
            changed["aggregation"] = self.chance.choice(["sum", "last", "mean", "min", "max"])
        weigher = self._some(1)[0] if self.chance.random() < 0.5 else None
        update_kpi(SYSTEM, kpi, now=self.now, weight_by=weigher, **changed)

    def rename(self) -> None:
        (kpi,) = self._some(1)
        update_kpi(SYSTEM, kpi, now=self.now, key=f"x{kpi.key}")

    def purge(self) -> None:
        """Remove a KPI for good once nothing stands on it any more."""
        (kpi,) = self._some(1)
        for user in Kpi.objects.filter(operands__operand=kpi).exclude(pk=kpi.pk).distinct():
            update_kpi(SYSTEM, user, now=self.now, formula="5")
        for weighed in kpi.weighs.all():
            update_kpi(SYSTEM, weighed, now=self.now, weight_by=None)
        for child in Kpi.objects.filter(parent_links__parent=kpi, parent_links__replaced_at=None).distinct():
            links = [LinkSpec.of(row) for row in links_of(child) if row.parent_id != kpi.pk]
            set_parents(SYSTEM, child, links, now=self.now)
        purge_kpi(SYSTEM, kpi, now=self.now)

    def target(self) -> None:
        (kpi,) = self._some(1)
        rows = [TargetRow(self._date() or FIRST, target=self.chance.uniform(1, 100))]
        set_targets(SYSTEM, kpi, rows, now=self.now, reason="By chance")

    def _define(self, key: str, **fields: str) -> None:
        create_kpi(
            SYSTEM, now=self.now, name=key, key=key, unit="number", direction="increase",
            frequency=self.chance.choice(FREQUENCIES), **fields,
        )  # fmt: skip

    def _formula(self) -> str:
        keys = [kpi.key for kpi in self._some(3)]
        return self.chance.choice(FORMULAS).format(a=keys[0], b=keys[1], c=keys[2])

    def _some(self, count: int) -> list[Kpi]:
        return self.chance.sample(list(Kpi.objects.order_by("pk")), count)

    def any_date(self) -> dt.date:
        """Within the data, or long before or after it."""
        within = FIRST + dt.timedelta(days=self.chance.randrange(DAYS))
        return self.chance.choice([within, within, within, dt.date(1990, 5, 5), dt.date(2040, 1, 1), self.now.date()])

    def _date(self) -> dt.date | None:
        return self.chance.choice([None, FIRST + dt.timedelta(days=self.chance.randrange(DAYS))])

    def _try(self, step: Callable[[], None]) -> None:
        """What is refused leaves nothing behind."""
        with suppress(ValidationError, ConflictError), transaction.atomic():
            step()
        self.instants.append(self.now)
        self.now += dt.timedelta(hours=self.chance.choice([1, 100]))


def standpoints(company: Company, kpi: Kpi) -> Iterator[Standpoint]:
    """Now, and some of the instants at which it was there."""
    yield today_of(kpi, company.organization, company.now)
    for instant in company.chance.sample(company.instants, 2):
        with suppress(NotThereYetError):
            yield then_of(kpi, company.organization, instant)


def value_in(standpoint: Standpoint, period: dt.date) -> float | None:
    scores = {score.period: score.value for score in standpoint.scores_of(period)}
    calendar, frequency = standpoint.calendar, standpoint.frequency
    return scores.get(calendar.first_date(frequency, calendar.ordinal(frequency, period)))


def adds_up(change: float | None, parts: Sequence[Part]) -> bool:
    """The parts of a change make it up, and theirs do."""
    if change is None or not parts:
        return not parts
    size = sum(abs(part.change) for part in parts) + abs(change)
    fits = abs(sum(part.change for part in parts) - change) <= 1e-5 * max(size, 1)
    return fits and all(adds_up(part.own_change, part.parts) for part in parts)


def check_every_question(company: Company) -> None:
    for kpi in Kpi.objects.order_by("pk"):
        for standpoint in standpoints(company, kpi):
            for period, base in ((company.any_date(), company.any_date()), (company.any_date(), None)):
                for depth in (0, 1, 4):
                    found = explained(standpoint, period, base, depth=depth).explanation
                    assert found.value == value_in(standpoint, period), (kpi.key, standpoint.as_of, period)
                    assert base is None or found.base_value == value_in(standpoint, base)
                    assert adds_up(found.change, found.parts)


def check_every_supposition(company: Company) -> None:
    """One that is not refused changes what is computed, never what is supposed itself."""
    for kpi in Kpi.objects.order_by("pk"):
        supposed = Override(kpi.pk, company.any_date(), company.chance.uniform(-10, 100))
        with suppress(WhatIfRefusedError):
            effects = what_if(company.organization, [supposed], today=company.organization.today(company.now))
            assert not any(effect.kpi == kpi.pk and effect.period == supposed.date for effect in effects)
            assert all(effect.before != effect.after for effect in effects)


@given(st.randoms(use_true_random=False))
@examples(4, suppress_health_check=list(HealthCheck))
def test_every_change_is_explained_and_every_value_supposed(in_acme: Organization, chance: random.Random) -> None:
    before = transaction.savepoint()
    try:
        company = Company(in_acme, chance)
        check_every_question(company)
        check_every_supposition(company)
    finally:
        transaction.savepoint_rollback(before)

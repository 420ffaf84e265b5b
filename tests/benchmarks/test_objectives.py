"""A cycle of 500 objectives with 2,000 key results: reading it, and following the KPIs that move some of them."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Member, Organization, Role
from accounts.outbox import announce, take
from accounts.tenancy.context import organization_context
from kpis.compute import rebuild
from kpis.compute.run import SCORED
from kpis.models import Kpi
from okrs.actions.following import FOLLOW, follow_announced
from okrs.following.storing import follow
from okrs.models import CheckIn, Cycle, KeyResult, Objective, ProgressRecord
from okrs.reading import CycleView, load_cycle, load_overview
from tests.benchmarks.results import Results, Row, best, milliseconds, seconds
from tests.benchmarks.serving import serving
from tests.benchmarks.test_pages import time_of
from tests.benchmarks.worlds import make_tree, measure_monthly, vacuum
from tests.cast import NOW, client_of, make_user, record

pytestmark = [pytest.mark.benchmark, pytest.mark.any_statement]
LARGE, SMALL = 500, 10
EACH = 4
# Of the key results of an objective one is moved by a KPI; the others by a check-in every week, and of one in so many
# objectives one is kept within a bound.
KEPT_IN = 10
START, END, WEEKS = dt.date(NOW.year, 4, 1), dt.date(NOW.year, 6, 30), 10
SET_AT = dt.datetime(NOW.year, 3, 20, 9, tzinfo=dt.UTC)
TODAY = dt.date(NOW.year, 6, 10)
TIMES = 10
LIMIT = 0.3
KPIS = 10_000
TITLE = "A cycle of 500 objectives with 2,000 key results"


@dataclass
class World:
    organization: Organization
    cycle: Cycle
    kpis: list[Kpi]

    @property
    def now(self) -> dt.datetime:
        return dt.datetime.combine(TODAY, dt.time(9), dt.UTC)


def make_world(slug: str, number: int) -> World:
    """So many objectives beneath ten, each with four key results, one of which has a KPI of its own."""
    organization = Organization.objects.create(name=slug.capitalize(), slug=slug)
    kpis = [kpi for kpi in make_tree(organization, number + number // 8 + 1) if kpi.is_measured][:number]
    measure_monthly(organization, kpis, dt.date(START.year - 1, 1, 1), 18)
    with organization_context(organization.pk):
        rebuild(organization, now=dt.datetime.combine(TODAY, dt.time(9), dt.UTC))
        take(organization.pk, FOLLOW)
        cycle = Cycle.objects.create(name="Quarter", starts_on=START, ends_on=END, state="active", created_at=NOW)
        objectives = [Objective(cycle=cycle, title=f"O {place}", created_at=SET_AT) for place in range(number)]
        for place, one in enumerate(objectives):
            one.parent, one.progress_from = (objectives[place // 10] if place >= 10 else None), "both"
        Objective.objects.bulk_create(objectives, ignore_conflicts=True)
        rows = [row for pair in zip(objectives, kpis, strict=True) for row in _key_results(*pair)]
        KeyResult.objects.bulk_create(rows, ignore_conflicts=True)
        CheckIn.objects.bulk_create(
            [said for row in rows if not row.kpi_id for said in _check_ins(row)], ignore_conflicts=True
        )
        follow(organization, KeyResult.objects.of_cycle(cycle.pk).with_context(), today=TODAY)
    return World(organization, cycle, kpis)


def _key_results(objective: Objective, kpi: Kpi) -> list[KeyResult]:
    common = {"objective": objective, "created_at": SET_AT}
    by_hand = [KeyResult(title=f"KR {place}", start=0, target=100, **common) for place in range(EACH - 1)]
    if int(objective.title.split()[1]) % KEPT_IN == 0:
        by_hand[0] = KeyResult(title="Kept", kind="at_least", low=8, **common)
    return [*by_hand, KeyResult(title="Linked", kpi=kpi, reads="last_complete", target=9000, **common)]


def _check_ins(row: KeyResult) -> list[CheckIn]:
    return [
        CheckIn(
            key_result=row,
            on=START + dt.timedelta(weeks=week),
            value=2.0 * week,
            confidence="on_track",
            recorded_at=NOW,
        )
        for week in range(WEEKS)
    ]


def _overview(world: World) -> int:
    """How each objective and each key result stands."""
    with organization_context(world.organization.pk):
        return _standings(load_overview(world.organization, world.cycle, TODAY))


def _whole(world: World) -> int:
    """The same, with all that is to be read of them."""
    with organization_context(world.organization.pk):
        return _standings(load_cycle(world.organization, world.cycle, TODAY))


def _standings(view: CycleView) -> int:
    shown = [(one.progress, one.expected, one.status, one.confidence, one.stale) for one in view.objectives]
    shown += [(one.progress, one.expected, one.status, one.confidence, one.stale) for one in view.key_results]
    assert view.progress > 0
    return len(shown)


def _queries(world: World) -> int:
    with CaptureQueriesContext(connection) as captured:
        _overview(world)
    return len(captured)


def test_reading_a_cycle(transactional_db: None, results: Results, tmp_path: Path) -> None:
    large, small = make_world("large", LARGE), make_world("small", SMALL)
    vacuum()
    many, few = _queries(large), _queries(small)
    took, whole = (median(seconds(lambda read=read: read(large)) for _ in range(TIMES)) for read in (_overview, _whole))
    owner = Member.objects.create(
        organization=large.organization, user=make_user("owner"), role=Role.OWNER, joined_at=timezone.now()
    )
    client = client_of(owner)
    page, tree = f"/large/objectives/?cycle={large.cycle.pk}", f"/api/v1/objectives/tree/?cycle={large.cycle.pk}"
    with serving(tmp_path) as server:
        times = {path: time_of(server, path, client) for path in (page, tree)}
    results.add(
        TITLE,
        Row(
            f"Reading it: {many} queries, {few} with {SMALL} objectives",
            milliseconds(LIMIT),
            milliseconds(took),
            took / LIMIT,
            "<= 1",
        ),
        Row("Its page over HTTP", milliseconds(LIMIT), milliseconds(times[page]), times[page] / LIMIT, "<= 1"),
        Row("Reading how it stands / all of it", milliseconds(took), milliseconds(whole), whole / took),
        Row(
            "Reading all of it / `objectives/tree/`",
            milliseconds(whole),
            milliseconds(times[tree]),
            times[tree] / whole,
        ),
    )
    assert many == few


def test_following_a_kpi(transactional_db: None, results: Results) -> None:
    world = make_world("large", LARGE)
    vacuum()
    changed = world.kpis[7]
    with organization_context(world.organization.pk):
        before = set(ProgressRecord.objects.values_list("key_result_id", "on", "current"))
        record(world.organization, changed, {f"{START.year}-05-01": 5000.0})
        rebuild(world.organization, now=world.now)
        take(world.organization.pk, FOLLOW)

    def one() -> int:
        with organization_context(world.organization.pk):
            announce(world.organization.pk, SCORED, [changed.pk], now=world.now)
            return follow_announced(now=world.now)

    def all_of_it() -> None:
        with organization_context(world.organization.pk):
            rows = KeyResult.objects.of_cycle(world.cycle.pk).with_context()
            follow(world.organization, rows, today=TODAY)

    with CaptureQueriesContext(connection) as captured:
        rows = one()
    with organization_context(world.organization.pk):
        after = set(ProgressRecord.objects.values_list("key_result_id", "on", "current"))
        touched = {id for id, _, _ in before ^ after}
        linked = set(KeyResult.objects.reading([changed.pk]).values_list("pk", flat=True))
    times = best(5, one=one, whole=all_of_it)
    results.add(
        TITLE,
        Row(
            f"Following all / following one KPI ({len(captured)} queries, {rows} of {len(after):,} rows)",
            milliseconds(times["whole"]),
            milliseconds(times["one"]),
            times["whole"] / times["one"],
            ">= 20",
        ),
    )
    assert touched == linked
    assert 0 < rows < 10


def test_announcing(organization: Organization, results: Results) -> None:
    kpis = make_tree(organization, KPIS)
    measure_monthly(organization, kpis, dt.date(2024, 12, 1), 24)
    vacuum()
    ids = [kpi.pk for kpi in kpis]

    def compute() -> None:
        organization.refresh_from_db()
        with organization_context(organization.pk):
            rebuild(organization, now=NOW)

    def tell() -> None:
        with organization_context(organization.pk):
            announce(organization.pk, SCORED, ids, now=NOW)

    compute()
    times = best(3, compute=compute, tell=tell)
    with organization_context(organization.pk):
        follow = seconds(lambda: follow_announced(now=NOW))
    results.add(
        TITLE,
        Row(
            f"Computing {KPIS:,} KPIs that all stay as they are / telling who follows them",
            milliseconds(times["compute"]),
            milliseconds(times["tell"]),
            times["tell"] / times["compute"],
            "<= 0.05",
        ),
        Row(
            f"The same / finding that nothing follows these {KPIS:,} KPIs",
            milliseconds(times["compute"]),
            milliseconds(follow),
            follow / times["compute"],
        ),
    )

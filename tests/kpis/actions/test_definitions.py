"""Defining KPIs: defaults, refusals that store nothing, what may change once there are data, and by whom."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actors import Actor
from accounts.errors import ConflictError
from accounts.models import ApiToken, AuditEntry, Department, Member, Organization, Scope
from kpis.actions.definitions import archive_kpi, create_kpi, purge_kpi, reorder_kpis, restore_kpi, update_kpi
from kpis.actions.links import LinkSpec, set_parents
from kpis.actions.targets import TargetRow, set_targets
from kpis.models import Kpi, KpiLink, Measurement, MeasurementRevision, StaleMark, Target
from tests.cast import NOW, make_kpi, record

pytestmark = pytest.mark.usefixtures("in_acme")


def define(actor: Actor, name: str = "Net revenue", **fields: Any) -> Kpi:
    given = {"unit": "currency:EUR", "direction": "increase", "frequency": "monthly", "source": "measured"} | fields
    return create_kpi(actor, now=NOW, name=name, **given)


def complaints(raised: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return dict(raised.value.message_dict)


# Creating


def test_a_kpi_needs_five_things_and_the_rest_has_sensible_defaults(as_alice: Actor) -> None:
    kpi = define(as_alice)
    assert (kpi.key, kpi.aggregation, kpi.rollup, kpi.decimals, kpi.kind) == ("net_revenue", "sum", "", 0, "kpi")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject, entry.member) == ("kpi.created", "Net revenue", as_alice.member)
    assert entry.changes["unit"] == [None, "currency:EUR"]
    assert StaleMark.objects.filter(kpi_id=kpi.pk, first_date=None).exists()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Umsatz (brutto) – Köln", "umsatz_brutto_koln"),
        ("30-day retention", "kpi_30_day_retention"),
        ("销售额", "kpi"),
        ("Children's visits", "childrens_visits"),
        ("Max", "max_2"),
        ("x" * 90, "x" * 64),
    ],
)
def test_a_key_is_made_from_the_name(as_alice: Actor, name: str, key: str) -> None:
    assert define(as_alice, name).key == key


def test_a_key_made_from_a_name_that_is_taken_gets_a_number(as_alice: Actor) -> None:
    assert [define(as_alice).key for _ in range(3)] == ["net_revenue", "net_revenue_2", "net_revenue_3"]


@pytest.mark.parametrize(
    ("unit", "decimals"),
    [("percent", 1), ("ratio", 2), ("number", 0), ("duration:h", 1), ("duration:s", 0), ("custom:boxes", 0)],
)
def test_decimals_follow_the_unit(as_alice: Actor, unit: str, decimals: int) -> None:
    assert define(as_alice, unit=unit).decimals == decimals


def test_a_roll_up_sums_unless_told_otherwise(as_alice: Actor) -> None:
    assert define(as_alice, source="rollup").rollup == "sum"
    assert define(as_alice, source="rollup", rollup="max").rollup == "max"


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"key": "max"}, "key", "“max” is a word that Ladder uses itself; choose another key."),
        ({"key": "taken"}, "key", "The key “taken” belongs to “Taken”; choose another."),
        ({"key": "Net"}, "key",
         "Start with a lower-case letter; then letters, digits and underscores, such as net_revenue."),
        ({"unit": "euro"}, "unit", "“euro” is not a unit. Use number, percent, ratio, currency:<ISO 4217 code>, "
         "duration:<s|min|h|d> or custom:<label>."),
        ({"unit": "currency:XYZ"}, "unit", "“XYZ” is not a currency. Use an ISO 4217 code, such as currency:EUR."),
        ({"direction": "up"}, "direction", "Value 'up' is not a valid choice."),
        ({"name": ""}, "name", "This field cannot be blank."),
        ({"name": "a\0b"}, "name", "A text cannot hold the character NUL; leave it out."),
        ({"rollup": "sum"}, "rollup", "Only a KPI that is rolled up from its children says how; leave this out."),
        ({"carry_forward": 2}, "carry_forward",
         "Only the last value of a period can stay valid in the next; use the aggregation “last”, or 0."),
        ({"on_track_at": -1.0}, "on_track_at",
         "“On track” must begin above “at risk”, but it begins at -1 and “at risk” at 0."),
        ({"decimals": 9}, "decimals", "Ensure this value is less than or equal to 6."),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_nothing_is_stored(
    in_acme: Organization, as_alice: Actor, fields: dict[str, Any], field: str, message: str
) -> None:
    make_kpi(in_acme, "taken")
    with pytest.raises(ValidationError) as raised:
        define(as_alice, **({"name": "New"} | fields))
    assert complaints(raised) == {field: [message]}
    assert (Kpi.objects.count(), AuditEntry.objects.count(), StaleMark.objects.count()) == (1, 0, 0)


def test_everything_that_is_wrong_is_said_at_once(as_alice: Actor) -> None:
    with pytest.raises(ValidationError) as raised:
        define(as_alice, unit="euro", key="max", frequency="hourly")
    assert set(complaints(raised)) == {"unit", "key", "frequency"}


def test_an_owner_belongs_to_the_organization(as_alice: Actor, charlie: Member) -> None:
    with pytest.raises(ValidationError, match="Charlie does not belong to Acme; choose somebody who does"):
        define(as_alice, owner=charlie)


def test_an_archived_department_takes_no_new_kpi(as_alice: Actor) -> None:
    old = Department.objects.create(name="Fax", archived_at=NOW)
    with pytest.raises(ValidationError, match="The department “Fax” is archived"):
        define(as_alice, department=old)


def test_a_contributor_cannot_create_a_kpi_and_a_reading_token_neither(bob: Member) -> None:
    reader = ApiToken(name="reader", scopes=[Scope.READ])
    for actor in (Actor(member=bob), Actor(token=reader)):
        with pytest.raises(PermissionDenied):
            define(actor)
    assert not Kpi.objects.exists()


def test_a_kpi_that_does_not_fit_its_parent_is_not_created_at_all(in_acme: Organization, as_alice: Actor) -> None:
    total = make_kpi(in_acme, "total", source="rollup", rollup="sum")
    with pytest.raises(ValidationError, match="a roll-up needs one unit"):
        define(as_alice, links=[LinkSpec(total)])
    assert [*Kpi.objects.all()] == [total]


# Changing


def test_a_change_is_audited_with_before_and_after(as_alice: Actor) -> None:
    kpi = define(as_alice)
    StaleMark.objects.all().delete()
    update_kpi(as_alice, kpi, now=NOW, name="Net sales", description="After discounts")
    entry = AuditEntry.objects.get(action="kpi.changed")
    assert entry.changes == {"name": ["Net revenue", "Net sales"], "description": ["", "After discounts"]}
    assert not StaleMark.objects.exists(), "words do not change scores"


def test_a_change_of_what_scores_follow_from_makes_them_stale_and_raises_the_version(
    in_acme: Organization, as_alice: Actor
) -> None:
    kpi = define(as_alice)
    StaleMark.objects.all().delete()
    before = Organization.objects.get(pk=in_acme.pk).version
    update_kpi(as_alice, kpi, now=NOW, aggregation="last", carry_forward=2)
    assert StaleMark.objects.filter(kpi_id=kpi.pk).count() == 1
    assert Organization.objects.get(pk=in_acme.pk).version == before + 1


def test_saving_without_a_change_writes_nothing(as_alice: Actor) -> None:
    kpi = define(as_alice)
    update_kpi(as_alice, kpi, now=NOW, name=kpi.name, unit=kpi.unit)
    assert not AuditEntry.objects.filter(action="kpi.changed").exists()


def test_a_contributor_changes_what_they_own_only(in_acme: Organization, bob: Member) -> None:
    own, other = make_kpi(in_acme, "own", owner=bob), make_kpi(in_acme, "other")
    assert update_kpi(Actor(member=bob), own, now=NOW, name="Mine").name == "Mine"
    with pytest.raises(PermissionDenied, match="“Other” can be changed by its owner and by editors"):
        update_kpi(Actor(member=bob), other, now=NOW, name="Mine too")
    assert Kpi.objects.get(key="other").name == "Other"


def test_a_viewer_changes_nothing_even_of_their_own(in_acme: Organization, vera: Member) -> None:
    own = make_kpi(in_acme, "own", owner=vera)
    with pytest.raises(PermissionDenied):
        update_kpi(Actor(member=vera), own, now=NOW, name="Mine")


@pytest.mark.parametrize(
    ("before", "change", "field", "message"),
    [
        ({"unit": "currency:EUR"}, {"unit": "currency:USD"}, "unit",
         "“Sales” holds 1 value in EUR, which cannot be read as USD. Make a new KPI for those."),
        ({"unit": "number"}, {"unit": "percent"}, "unit",
         "“Sales” holds 1 value in plain numbers, which cannot be read as percent. Make a new KPI for those."),
        ({}, {"frequency": "daily"}, "frequency",
         "“Sales” holds 1 value, each of a whole month, which cannot be told apart by day. "
         "Make a new KPI for finer ones."),
        ({}, {"source": "rollup"}, "source",
         "“Sales” holds 1 value of its own, which a roll-up would hide. Remove what is there, or make a new KPI."),
    ],
)  # fmt: skip
def test_what_would_corrupt_stored_values_is_refused(
    in_acme: Organization, as_alice: Actor, before: dict[str, str], change: dict[str, str], field: str, message: str
) -> None:
    kpi = make_kpi(in_acme, "sales", **before)
    record(in_acme, kpi, {"2026-10-01": 5})
    with pytest.raises(ValidationError) as raised:
        update_kpi(as_alice, kpi, now=NOW, **change)
    assert complaints(raised) == {field: [message]}
    stored = Kpi.objects.get()
    assert {name: getattr(stored, name) for name in change} == {name: getattr(kpi, name) for name in change}


@pytest.mark.parametrize(
    ("before", "change"),
    [
        ({"unit": "number"}, {"unit": "custom:boxes"}),
        ({"unit": "percent"}, {"unit": "ratio"}),
        ({"frequency": "daily"}, {"frequency": "monthly"}),
        ({}, {"aggregation": "mean"}),
        ({}, {"direction": "decrease"}),
    ],
)
def test_what_only_reads_the_same_numbers_differently_is_allowed(
    in_acme: Organization, as_alice: Actor, before: dict[str, str], change: dict[str, str]
) -> None:
    kpi = make_kpi(in_acme, "sales", **before)
    record(in_acme, kpi, {"2026-10-01": 0.5})
    update_kpi(as_alice, kpi, now=NOW, **change)
    stored = Kpi.objects.get()
    assert {name: getattr(stored, name) for name in change} == change


def test_a_new_direction_that_its_targets_do_not_fit_is_refused(in_acme: Organization, as_alice: Actor) -> None:
    kpi = make_kpi(in_acme, "defects")
    set_targets(as_alice, kpi, [TargetRow(dt.date(2026, 12, 1), target=700, floor=500)], now=NOW)
    with pytest.raises(ValidationError) as raised:
        update_kpi(as_alice, kpi, now=NOW, direction="decrease")
    message = (
        "Its targets would no longer fit: The floor (500) must lie above the target (700). Remove or change them first."
    )
    assert complaints(raised) == {"direction": [message]}


def test_targets_that_are_amounts_of_a_month_are_none_of_a_quarter(in_acme: Organization, as_alice: Actor) -> None:
    kpi = make_kpi(in_acme, "sales")
    set_targets(as_alice, kpi, [TargetRow(dt.date(2026, 12, 1), target=700)], now=NOW)
    with pytest.raises(ValidationError, match="Its targets are amounts a month, not a quarter"):
        update_kpi(as_alice, kpi, now=NOW, frequency="quarterly")


def test_a_unit_that_the_roll_up_above_does_not_share_is_refused(in_acme: Organization, as_alice: Actor) -> None:
    child, parent = make_kpi(in_acme, "child"), make_kpi(in_acme, "total", source="rollup", rollup="sum")
    set_parents(as_alice, child, [LinkSpec(parent)], now=NOW)
    with pytest.raises(ValidationError) as raised:
        update_kpi(as_alice, child, now=NOW, unit="currency:EUR")
    message = "“child” is in currency:EUR and “total” in number; a roll-up needs one unit."
    assert complaints(raised) == {"unit": [message]}
    with pytest.raises(ValidationError, match="a child cannot be coarser"):
        update_kpi(as_alice, parent, now=NOW, frequency="weekly")


def test_a_sum_that_subtracts_a_child_cannot_become_a_mean(in_acme: Organization, as_alice: Actor) -> None:
    costs, profit = make_kpi(in_acme, "costs"), make_kpi(in_acme, "profit", source="rollup", rollup="sum")
    set_parents(as_alice, costs, [LinkSpec(profit, contribution=-1)], now=NOW)
    with pytest.raises(ValidationError, match="only a sum can subtract a child"):
        update_kpi(as_alice, profit, now=NOW, rollup="mean")


def test_a_cycle_through_a_weight_is_refused_with_its_path(in_acme: Organization, as_alice: Actor) -> None:
    rate = make_kpi(in_acme, "rate", unit="percent")
    total = make_kpi(in_acme, "total", unit="percent", source="rollup", rollup="weighted_mean")
    set_parents(as_alice, rate, [LinkSpec(total)], now=NOW)
    with pytest.raises(ValidationError) as raised:
        update_kpi(as_alice, rate, now=NOW, weight_by=total)
    assert complaints(raised) == {
        "weight_by": ["These KPIs would depend on themselves: total -> total. Choose another parent."]
    }


def test_a_kpi_cannot_weigh_itself(in_acme: Organization, as_alice: Actor) -> None:
    kpi = make_kpi(in_acme, "rate")
    with pytest.raises(ValidationError, match="A KPI cannot weigh itself"):
        update_kpi(as_alice, kpi, now=NOW, weight_by=kpi)


# Archiving, restoring, removing, ordering


def test_archiving_puts_a_kpi_aside_and_restoring_brings_it_back(in_acme: Organization, as_alice: Actor) -> None:
    kpi = make_kpi(in_acme, "sales")
    assert archive_kpi(as_alice, kpi, now=NOW).archived_at == NOW
    assert not Kpi.objects.active().exists()
    with pytest.raises(ConflictError, match="“Sales” is archived; restore it first"):
        update_kpi(as_alice, kpi, now=NOW, name="Turnover")
    assert restore_kpi(as_alice, kpi, now=NOW).archived_at is None
    with pytest.raises(ConflictError, match="“Sales” is not archived"):
        restore_kpi(as_alice, kpi, now=NOW)
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == ["kpi.archived", "kpi.restored"]


def test_a_contributor_cannot_archive_even_their_own(in_acme: Organization, bob: Member) -> None:
    with pytest.raises(PermissionDenied):
        archive_kpi(Actor(member=bob), make_kpi(in_acme, "own", owner=bob), now=NOW)


def test_purging_removes_everything_ever_measured(in_acme: Organization, as_alice: Actor) -> None:
    kpi, parent = make_kpi(in_acme, "sales"), make_kpi(in_acme, "total", source="rollup", rollup="sum")
    record(in_acme, kpi, {"2026-10-01": 5})
    record(in_acme, kpi, {"2026-10-01": 6})
    set_parents(as_alice, kpi, [LinkSpec(parent)], now=NOW)
    set_targets(as_alice, kpi, [TargetRow(dt.date(2026, 12, 1), target=7)], now=NOW)
    StaleMark.objects.all().delete()
    purge_kpi(as_alice, kpi, now=NOW)
    for model in (Measurement, MeasurementRevision, KpiLink, Target):
        assert not model.objects.exists()
    assert [*Kpi.objects.all()] == [parent]
    assert StaleMark.objects.get().kpi_id == parent.pk
    assert AuditEntry.objects.get(action="kpi.purged").subject == "Sales"


def test_what_others_refer_to_cannot_be_purged(in_acme: Organization, as_alice: Actor) -> None:
    total, visits = make_kpi(in_acme, "total"), make_kpi(in_acme, "visits")
    make_kpi(in_acme, "rate", weight_by=visits)
    set_parents(as_alice, visits, [LinkSpec(total)], now=NOW)
    with pytest.raises(ConflictError) as raised:
        purge_kpi(as_alice, total, now=NOW)
    assert str(raised.value) == (
        "“Total” cannot be removed: “Visits” ladders up to it. Change that first, or archive it."
    )
    with pytest.raises(ConflictError, match="“Rate” is weighted by it"):
        purge_kpi(as_alice, visits, now=NOW)


def test_an_editor_cannot_purge(in_acme: Organization, bob: Member) -> None:
    bob.role = "editor"
    with pytest.raises(PermissionDenied, match="Removing a KPI for good needs the role admin"):
        purge_kpi(Actor(member=bob), make_kpi(in_acme, "sales"), now=NOW)


def test_kpis_follow_each_other_in_the_order_given(in_acme: Organization, as_alice: Actor) -> None:
    one, two, three = (make_kpi(in_acme, key) for key in ("one", "two", "three"))
    reorder_kpis(as_alice, [three, one, two], now=NOW)
    assert [kpi.key for kpi in Kpi.objects.in_order()] == ["three", "one", "two"]
    with pytest.raises(ValidationError, match="A KPI stands in the order twice"):
        reorder_kpis(as_alice, [one, one], now=NOW)

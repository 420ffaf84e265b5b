"""Organizations large enough to measure with."""

import datetime as dt
from collections.abc import Iterable
from typing import LiteralString

import psycopg
from django.db import connection

from accounts.models import Member, Organization
from accounts.tenancy.context import organization_context
from kpis.models import Kpi, KpiLink, KpiOperand, Target
from tests.cast import NOW

FAN_OUT = 10


def make_tree(
    organization: Organization, number: int, *, owner: Member | None = None, targets: bool = True, formulas: int = 0
) -> list[Kpi]:
    """So many monthly KPIs: roll-ups over ten each, and the measured ones beneath; each with a target.

    The last ``formulas`` of them are ratios of two measured ones.
    """
    inner = (number - 1) // FAN_OUT
    kpis = [_kpi(organization, place, owner, is_rollup=place < inner) for place in range(number)]
    with organization_context(organization.pk):
        operands = _make_formulas(kpis[inner:], formulas)
        Kpi.objects.bulk_create(kpis, ignore_conflicts=True)
        KpiOperand.objects.bulk_create(operands, ignore_conflicts=True)
        KpiLink.objects.bulk_create(
            [
                KpiLink(parent=kpis[(place - 1) // FAN_OUT], child=kpis[place], recorded_at=NOW)
                for place in range(1, number)
            ],
            ignore_conflicts=True,
        )
        if targets:
            Target.objects.bulk_create(
                [Target(kpi=kpi, effective_from=dt.date(2016, 1, 1), target=100, recorded_at=NOW) for kpi in kpis],
                ignore_conflicts=True,
            )
    return kpis


def _make_formulas(kpis: list[Kpi], number: int) -> list[KpiOperand]:
    """Turns the last so many KPIs into formulas over two of the first ones."""
    measured, operands = kpis[: len(kpis) - number], []
    for place, kpi in enumerate(kpis[len(measured) :]):
        two = measured[place % len(measured)], measured[(place * 7 + 3) % len(measured)]
        kpi.source, kpi.formula = "formula", f"{two[0].key} * 100 / {two[1].key}"
        operands += [KpiOperand(kpi=kpi, operand=operand) for operand in dict.fromkeys(two)]
    return operands


def _kpi(organization: Organization, place: int, owner: Member | None, *, is_rollup: bool) -> Kpi:
    return Kpi(
        organization=organization,
        key=f"kpi_{place}",
        name=f"KPI {place}",
        unit="number",
        direction="increase",
        frequency="monthly",
        source="rollup" if is_rollup else "measured",
        rollup="sum" if is_rollup else "",
        position=place,
        owner=owner,
        created_at=NOW,
    )


def measure_monthly(organization: Organization, kpis: Iterable[Kpi], first: dt.date, months: int) -> None:
    """A value for each measured KPI on the first day of each month."""
    with organization_context(organization.pk), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO kpis_measurement (organization_id, kpi_id, date, value, note, push_id)
            SELECT %s, id, (%s::date + make_interval(months => month))::date, 80 + 40 * random(), '', gen_random_uuid()
            FROM unnest(%s::uuid[]) AS id, generate_series(0, %s - 1) AS month
            ORDER BY 2, 3
            """,
            [organization.pk, first, [kpi.pk for kpi in kpis if kpi.is_measured], months],
        )


def vacuum() -> None:
    """What a database does by itself now and then, done now, so that it is not in the middle of a measurement."""
    _administer("VACUUM ANALYZE")


def forget_scores() -> None:
    """As before the first computation."""
    _administer("TRUNCATE kpis_score, kpis_standing")


def _administer(statement: LiteralString) -> None:
    parameters = connection.get_connection_params()
    with psycopg.connect(
        host=parameters["host"], dbname=parameters["dbname"], user="postgres", autocommit=True
    ) as administrator:
        administrator.execute(statement)

"""Writing scores: only rows that differ are touched, rows that no longer exist are removed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from accounts.models import Organization
from kpis.engine.evaluate import Values
from kpis.engine.graph import Graph
from kpis.engine.judge import Judgements
from kpis.engine.problems import problem_code
from kpis.engine.scoring import Status
from kpis.staging import Column, staged, uuids

WORK_MEMORY = "128MB"
TYPES = {
    "kpi_id": "uuid",
    "period": "date",
    "value": "float8",
    "target": "float8",
    "floor": "float8",
    "low": "float8",
    "high": "float8",
    "attainment": "float8",
    "score_raw": "float8",
    "score": "float8",
    "coverage": "float8",
    "status": "int2",
    "problem": "int2",
    "age": "int2",
    "complete": "bool",
}


@dataclass(frozen=True)
class ScoreRows:
    """Scores as columns, one row per KPI and period, as ``TYPES`` says; a row's ``problem`` is a place in ``problems``,
    counted from 1, 0 for none."""

    columns: dict[str, Column]
    problems: list[str | None]


@dataclass(frozen=True)
class Replaced:
    """The rows that results stand for: of each KPI the periods from ``first`` to ``last``, both inclusive."""

    kpi_id: Column
    first: Column
    last: Column

    @property
    def columns(self) -> dict[str, Column]:
        return {"kpi_id": self.kpi_id, "first": self.first, "last": self.last}


def score_rows(graph: Graph, values: Values, judgements: Judgements) -> ScoreRows:
    """What an evaluation and its judgement say, ready to be stored."""
    bounds = judgements.bounds
    numbers, problem = _numbered(values.problem)
    columns = {
        "kpi_id": uuids(kpi.id for kpi in graph.kpis)[values.row] if len(graph) else np.empty(0, "V16"),  # type: ignore[misc]
        "period": values.date,
        "value": values.value,
        "target": bounds.target,
        "floor": bounds.floor,
        "low": bounds.low,
        "high": bounds.high,
        "attainment": judgements.attainment,
        "score_raw": judgements.score_raw,
        "score": judgements.score,
        "coverage": values.coverage,
        "status": judgements.status.astype(np.int16),
        "problem": problem,
        "age": values.age,
        "complete": judgements.complete,
    }
    return ScoreRows(columns, [problem_code(graph, int(number)) for number in numbers])


def _numbered(problem: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
    """The distinct problems, and for every cell the place of its own among them, from 1; 0 where there is none."""
    has_one = problem != 0
    numbers, places = np.unique(problem[has_one], return_inverse=True)
    column = np.zeros(len(problem), dtype=np.int16)
    column[has_one] = places + 1
    return numbers, column


def store_scores(organization: Organization, results: ScoreRows, replaced: Replaced) -> int:
    """Make the rows of ``replaced`` be exactly those of ``results``; answers how many rows changed."""
    windows = {"kpi_id": "uuid", "first": "date", "last": "date"}
    with (
        staged("result", TYPES, results.columns) as (source, parameters),
        staged("replaced", windows, replaced.columns) as (window_source, window_parameters),
        connection.cursor() as cursor,
    ):
        scope = {"organization": organization.pk, "problems": results.problems, **parameters, **window_parameters}
        if not parameters:  # many rows, which are to be sorted and compared in memory
            cursor.execute(f"SET LOCAL work_mem = '{WORK_MEMORY}'")
        cursor.execute(_REMOVE.format(source=source, windows=window_source), scope)
        removed = cursor.rowcount
        cursor.execute(_UPSERT.format(source=source), scope)
        return int(removed + cursor.rowcount)


def differing_scores(organization: Organization, results: ScoreRows) -> list[tuple[UUID, dt.date, str]]:
    """Where the stored rows of the organization are not exactly those of ``results``: KPI, period, in what way."""
    with staged("result", TYPES, results.columns) as (source, parameters), connection.cursor() as cursor:
        scope = {"organization": organization.pk, "problems": results.problems, **parameters}
        cursor.execute(_DIFFER.format(source=source), scope)
        return list(cursor.fetchall())


# An SQL array whose element n is the code of number n; element 0 does not exist, and so reads NULL.
_STATUSES = f"(ARRAY[{', '.join(repr(status.code) for status in Status if status)}])"


_NULLABLE = [name for name, kind in TYPES.items() if kind == "float8"]
_COPIED = ", ".join(TYPES)
_EXPRESSIONS = {
    name: {
        "status": f"{_STATUSES}[status]",
        "problem": "(%(problems)s::text[])[problem]",
        **{name: f"NULLIF({name}, 'NaN')" for name in _NULLABLE},
    }.get(name, name)
    for name in TYPES
}
_SELECTED_AS = ", ".join(f"{expression} AS {name}" for name, expression in _EXPRESSIONS.items())
_SET = [name for name in TYPES if name not in ("kpi_id", "period")]
_REMOVE = """
DELETE FROM kpis_score score USING {windows}
WHERE score.organization_id = %(organization)s AND score.kpi_id = replaced.kpi_id
    AND score.period BETWEEN replaced.first AND replaced.last
    AND NOT EXISTS (SELECT FROM {source} WHERE result.kpi_id = score.kpi_id AND result.period = score.period)
"""
# Comparing by a join is several times as fast as meeting each row's conflict, for most rows are as they were.
_UPSERT = f"""
INSERT INTO kpis_score (organization_id, {_COPIED})
SELECT %(organization)s, {", ".join(f"wanted.{name}" for name in TYPES)}
FROM (SELECT {_SELECTED_AS} FROM {{source}}) wanted
LEFT JOIN kpis_score score ON score.organization_id = %(organization)s
    AND score.kpi_id = wanted.kpi_id AND score.period = wanted.period
WHERE score.kpi_id IS NULL
    OR ({", ".join(f"score.{name}" for name in _SET)}) IS DISTINCT FROM ({", ".join(f"wanted.{name}" for name in _SET)})
ORDER BY wanted.kpi_id, wanted.period
ON CONFLICT (organization_id, kpi_id, period) DO UPDATE
SET {", ".join(f"{name} = excluded.{name}" for name in _SET)}
"""  # noqa: S608 - names of this module's columns

_DIFFER = f"""
SELECT coalesce(expected.kpi_id, score.kpi_id), coalesce(expected.period, score.period),
    CASE WHEN score.kpi_id IS NULL THEN 'missing' WHEN expected.kpi_id IS NULL THEN 'superfluous' ELSE 'other' END
FROM (SELECT {_SELECTED_AS} FROM {{source}}) expected
FULL JOIN (SELECT * FROM kpis_score WHERE organization_id = %(organization)s) score
    ON score.kpi_id = expected.kpi_id AND score.period = expected.period
WHERE ({", ".join(f"score.{name}" for name in TYPES)})
    IS DISTINCT FROM ({", ".join(f"expected.{name}" for name in TYPES)})
ORDER BY 2, 1
"""  # noqa: S608 - names of this module's columns


def everything(ids: Sequence[UUID]) -> Replaced:
    """All periods of these KPIs."""
    return Replaced(
        uuids(ids),
        np.full(len(ids), np.datetime64("0001-01-01", "D")),
        np.full(len(ids), np.datetime64("9999-12-31", "D")),
    )

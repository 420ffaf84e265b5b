"""Measurements of many KPIs as flat arrays, the form in which they are loaded and aggregated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpis.engine.graph import Graph, Rows
from kpis.engine.periods import Dates


@dataclass(frozen=True, slots=True)
class Measurements:
    """Measured values, by row of the graph, then date, both ascending; at most one per KPI and date.

    `row` (n,) rows, `date` (n,) datetime64[D], `value` (n,) finite float64. Use `of` or `sorted` to build one.
    """

    row: Rows
    date: Dates
    value: NDArray[np.float64]

    @classmethod
    def of(cls, graph: Graph, series: Mapping[Hashable, tuple[ArrayLike, ArrayLike]]) -> Measurements:
        """From each KPI's dates and values, in any order. Ids that are not in the graph raise KeyError."""
        loaded = [(graph.row_of[id], *_as_arrays(*arrays)) for id, arrays in series.items()]
        if not loaded:
            return cls(np.empty(0, np.intp), np.empty(0, "datetime64[D]"), np.empty(0))
        rows, dates, values = zip(*loaded, strict=True)
        lengths = [len(array) for array in dates]
        return cls.sorted(
            np.repeat(np.array(rows, dtype=np.intp), lengths), np.concatenate(dates), np.concatenate(values)
        )

    @classmethod
    def sorted(cls, row: Rows, date: Dates, value: NDArray[np.float64]) -> Measurements:
        """From flat arrays in any order; arrays that are in order already are taken as they are.

        Raises ValueError for a KPI measured twice on a date and for a value that is not finite.
        """
        if not np.isfinite(value).all():
            raise ValueError("A measurement is a finite number, not NaN or an infinity.")
        if not _in_order(row, date):
            order = np.lexsort((date, row))
            row, date, value = row[order], date[order], value[order]
            if not _in_order(row, date):
                raise ValueError("A KPI has one measurement per date, not two.")
        return cls(row, date, value)


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a measured KPI's measurements reach, whatever part of them is loaded: its earliest date, its latest and
    the one before the latest (None: there is no such measurement)."""

    earliest: dt.date | None
    before_latest: dt.date | None
    latest: dt.date | None


def _as_arrays(dates: ArrayLike, values: ArrayLike) -> tuple[Dates, NDArray[np.float64]]:
    return np.asarray(dates, dtype="datetime64[D]"), np.asarray(values, dtype=np.float64)


def _in_order(row: Rows, date: Dates) -> bool:
    same = row[1:] == row[:-1]
    return bool(((row[1:] > row[:-1]) | (same & (date[1:] > date[:-1]))).all())

"""The pure core of scoring: no Django, no database, no clock.

Values of one frequency form a matrix, a row per KPI and a column per period; NaN is a missing value and never zero.
Periods are integers (`periods`), KPIs are rows of a compiled `graph`, in the order of their ids. `evaluate` turns
measurements into values bottom-up, `series` turns values into targets, scores and statuses, and `incremental` says
which part of both a change touches.
"""

"""The pure core of scoring: no Django, no database, no clock.

Values of one frequency form a matrix, a row per KPI and a column per period; NaN is a missing value and never zero.
Periods are integers (`periods`), KPIs are rows of a compiled `Graph`, in the order of their ids.

Everything at once::

    graph = Graph(calendar, kpis, links)
    measurements = Measurements.of(graph, {kpi_id: (dates, values)})
    scope = Scope.whole(graph, measurements, today)
    values = evaluate(graph, scope, measurements)      # flat columns: row, date, value, coverage, age, problem
    judgements = judge(graph, scope, values)           # parallel to them: target, score, status ...
    cells = headlines(graph, scope, values)            # which cell speaks for each KPI

After a change, on the part of the graph that `incremental` describes::

    planned = plan(graph, changes, before=Reach.stored(graph, reaches), extents=extents, today=today)
    ...load what `planned.loads` names into `Measurements` and `Stored`...
    values = evaluate(graph, planned.scope, measurements, stored)
    judgements = judge(graph, planned.scope, values)
    ...replace the stored rows of `planned.windows`, store `planned.scope.reach.of_row(graph, row)` of computed rows...

KPIs whose running period is paced by the year before need `shapes`: `shapes_in(graph, scope, measurements)`, or for a
part of the graph `last_year_shares` over what is beneath them, handed to `judge`.

What complete periods say about the future and about change works on such matrices, too, or on one series: `signals`,
`forecast`, `target_options`, `helped`.
"""

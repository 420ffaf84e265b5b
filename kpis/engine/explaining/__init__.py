"""Why a KPI changed: the difference between two of its values as what each of its operands contributed.

    asked = Question.of(graph, row, depth)
    wanted = Wanted.of(graph, asked, period)           # which stored values that takes, here and for the base
    ...load `wanted.loads(graph)` into `Stored`...
    now = Moment.of(graph, wanted, stored, reach, today)
    explanation = explain(graph, asked, now, base, reach)

Parts are explained in the periods of the KPI that was asked about: of a quarterly one's months, their quarters.
"""

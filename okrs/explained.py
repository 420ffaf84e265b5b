"""The explanation of a key result or an objective as it was loaded, for pages and the API alike."""

from okrs.explaining import Explanation, Figure, Line, Reason, explain_key_result, explain_objective
from okrs.reading import KeyResultView, ObjectiveView


def explained(view: ObjectiveView | KeyResultView) -> Explanation:
    """How it comes to stand where it does, with the explanations of all that it averages."""
    return _objective(view, None) if isinstance(view, ObjectiveView) else _key_result(view)


def _objective(view: ObjectiveView, above: ObjectiveView | None) -> Explanation:
    parts = [_key_result(one) if isinstance(one, KeyResultView) else _objective(one, view) for one in view.counting]
    own_span = None if above is None or above.span == view.span else view.span
    row = view.objective
    return explain_objective(view.id, row.title, parts, view.span, view.on, weight=row.weight, own_span=own_span)


def _key_result(view: KeyResultView) -> Explanation:
    row, plain = view.key_result, view.plain
    if plain is None:
        return _without_a_way(view)
    return explain_key_result(view.id, row.title, plain, view.span, view.on, weight=row.weight)


def _without_a_way(view: KeyResultView) -> Explanation:
    """A metric whose start its KPI does not tell yet, or tells to be the target already."""
    row, standing = view.key_result, view.standing
    inputs = (
        Line("start", view.start, "value", "no value yet" if view.start is None else "of its KPI"),
        Line("target", row.target, "value"),
        Line("current", view.current, "value", "no value yet" if view.current is None else ""),
    )
    elapsed = (
        Line("days elapsed", view.span.days_elapsed(view.on), "count", "the day itself included"),
        Line("days of the cycle", view.span.days, "count"),
    )
    pace = (Line("progress", standing.progress, "share"), Line("expected", standing.expected, "share"))
    figures = (
        Figure("progress", inputs, "100 % at or beyond the target, else 0 %", standing.progress),
        Figure("expected", elapsed, "days elapsed / days of the cycle", standing.expected),
        Figure("pace", pace, "progress / expected", standing.pace),
    )
    return Explanation(view.id, row.title, standing, figures, (_why_no_way(view),), weight=row.weight)


def _why_no_way(view: KeyResultView) -> Reason:
    if view.start is None:
        return Reason("no_value", "Its KPI has no value yet to start from, and that counts as 0 %.")
    return Reason(
        "start_not_moved", "Its KPI stood at the target already when the cycle began, so there is no way to go."
    )

"""The bakery's last quarter, which was closed: graded, with lessons, and a key result that went on."""

import datetime as dt

from accounts.actors import Actor
from accounts.models import Member
from okrs.actions.carrying import carry_over
from okrs.actions.checking_in import check_in
from okrs.actions.closing import Grade, close_cycle
from okrs.actions.cycles import activate_cycle, create_cycle
from okrs.actions.key_results import create_key_result
from okrs.actions.objectives import create_objective
from okrs.models import Cycle

BEGAN = dt.timedelta(days=160)
DAY = dt.timedelta(days=1)


def close_last_quarter(actor: Actor, bob: Member, into: Cycle, *, now: dt.datetime) -> Cycle:
    """Build and close it by the same verbs as pages; what it did not reach goes on in a cycle that is open."""
    began = now - BEGAN
    first = began.date()
    cycle = create_cycle(actor, now=began, name="Last quarter", starts_on=first, ends_on=first + 91 * DAY)
    activate_cycle(actor, cycle, now=began)
    shop = create_objective(actor, cycle, now=began, title="A second home on the web", owner=bob)
    promise = create_objective(actor, cycle, now=began, title="Nobody waits in vain", owner=bob, kind="committed")
    orders = create_key_result(actor, shop, now=began, title="Orders a day", start=20, target=60, owner=bob)
    visits = create_key_result(actor, promise, now=began, title="Letters answered", start=5, target=9)
    for row, value in ((orders, 44), (visits, 9)):
        check_in(actor, row, now=began + 60 * DAY, value=value, confidence="at_risk", comment="Better than feared.")
    close_cycle(
        actor,
        cycle,
        now=began + 92 * DAY,
        grades={orders.pk: Grade(0.7, "The last week counted twice.")},
        learned="Small steps taught us more than the big plan.",
        carry_on="The Monday call.",
    )
    carry_over(actor, [orders], into, now=now)
    return cycle

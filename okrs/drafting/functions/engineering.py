"""Software that arrives soon and stays up. The four measures of delivery follow the DORA research programme."""

from typing import Final

from okrs.drafting.template import PERCENT, ObjectiveTemplate, at_least, at_most, move, steps

TEMPLATES: Final = (
    ObjectiveTemplate(
        "Bring every good change to users within days",
        "Small changes, soon: waiting is where both time and quality are lost.",
        (
            move("Hours from commit to production", 96, 24, "lead_time_for_changes"),
            move("Deployments per month", 12, 40, "deployments"),
            at_most("Change failure rate", 0.1, "change_failure_rate"),
        ),
    ),
    ObjectiveTemplate(
        "Be there whenever our users need us",
        "What is down cannot help, and what comes back soon is forgiven.",
        (
            at_least("Uptime", 0.999, "uptime"),
            move("Minutes until the service is restored", 75, 30, "time_to_restore_service"),
            at_least("Sessions without a crash", 0.998, "crash_free_sessions"),
        ),
        "committed",
    ),
    ObjectiveTemplate(
        "Make it fast enough that nobody waits",
        "Speed is felt by everybody, every day.",
        (
            move("Seconds until a page is there", 3.2, 1.5, "page_load_time"),
            move("Share of requests answered within half a second", 0.82, 0.95, unit=PERCENT),
            move("Minutes a build takes", 22, 8, unit="duration:min"),
        ),
    ),
    ObjectiveTemplate(
        "Leave the old system behind without anybody noticing",
        "Step by step, with a way back at each of them.",
        (
            steps("Parts moved to the new system", "Sign-in", "Customer data", "Billing", "Reports"),
            at_most("Incidents a month caused by the move", 1),
            move("Monthly cost of the old system", 18_000, 0, unit="money"),
        ),
        "committed",
    ),
)

"""Use of a digital product, its growth, and how reliably it is changed and run."""

from functools import partial
from typing import Final

from kpis.engine.definitions import Aggregation, Direction
from kpis.engine.periods import Frequency
from kpis.library.template import Template

DOWN = Direction.DECREASE
MEAN, LAST = Aggregation.MEAN, Aggregation.LAST
DAILY, WEEKLY = Frequency.DAILY, Frequency.WEEKLY

count = partial(Template, category="product", unit="number")
metric = partial(count, kind="metric", frequency=WEEKLY)
share = partial(Template, category="product", unit="percent", decimals=1, aggregation=MEAN)
ratio = partial(Template, category="product", unit="ratio", decimals=1, aggregation=MEAN)
duration = partial(Template, category="product", decimals=1, direction=DOWN, aggregation=MEAN)

USE: Final = (
    count(
        "daily_active_users",
        "Daily active users (DAU)",
        "Different people who did something that matters on a day; a month shows the mean of its days. Opening the "
        "page is not yet using it.",
        aggregation=MEAN,
        frequency=DAILY,
        also="usage",
    ),
    count(
        "monthly_active_users",
        "Monthly active users (MAU)",
        "Different people who did something that matters in the month. Use the same meaning of active as for a day.",
        aggregation=LAST,
        level="strategic",
        also="usage",
    ),
    share(
        "stickiness",
        "Stickiness (DAU/MAU)",
        "Mean daily users as a share of monthly users: on how much of the days a user comes. For a tool needed once a "
        "month a low number is right.",
        formula="daily_active_users / monthly_active_users",
        moves=("user_retention_rate",),
    ),
    metric("sessions", "Sessions", "Times somebody used the product, from opening it to half an hour of rest."),
    ratio(
        "sessions_per_user",
        "Sessions per user",
        "How often a monthly user comes back in the month. Few heavy users can hide many light ones.",
        formula="sessions / monthly_active_users",
        moves=("user_retention_rate",),
    ),
    metric(
        "feature_users",
        "Users of the feature",
        "Different people who used the feature you watch in the month.",
        aggregation=LAST,
        frequency=Frequency.MONTHLY,
    ),
    share(
        "feature_adoption_rate",
        "Feature adoption rate",
        "Of the monthly users, the share that used the feature. Tried once out of curiosity is not adopted: say how "
        "often counts.",
        formula="feature_users / monthly_active_users",
        moves=("user_retention_rate",),
    ),
    metric(
        "cohort_users",
        "Users who began a month ago",
        "People who signed up in the month before.",
        frequency=Frequency.MONTHLY,
    ),
    metric(
        "cohort_users_still_active",
        "Users who began a month ago and are still active",
        "Of the people who signed up in the month before, those active in this month.",
        frequency=Frequency.MONTHLY,
    ),
    share(
        "user_retention_rate",
        "User retention after a month",
        "Of the people who signed up in the month before, the share active in this month. Later months fall slower: "
        "watch where the curve becomes flat.",
        level="strategic",
        formula="cohort_users_still_active / cohort_users",
    ),
)

GROWTH: Final = (
    count(
        "sign_ups",
        "Sign-ups",
        "People or companies that opened an account. Those that never come back are in it too.",
        frequency=WEEKLY,
        moves=("paying_customers", "new_customers"),
        also="registrations, new trials",
    ),
    metric(
        "activated_sign_ups",
        "Sign-ups activated",
        "Of the sign-ups of the period, those who reached the moment at which the product first helps.",
    ),
    share(
        "activation_rate",
        "Activation rate",
        "Of the sign-ups, the share that reached the moment at which the product first helps. Choose a moment that "
        "goes with staying, not merely a finished form.",
        frequency=WEEKLY,
        formula="activated_sign_ups / sign_ups",
        moves=("trial_conversion_rate", "user_retention_rate"),
    ),
    duration(
        "time_to_value",
        "Time to value",
        "Hours from signing up to the moment at which the product first helps. Those who never got there are not in "
        "it.",
        "duration:h",
        frequency=WEEKLY,
        moves=("trial_conversion_rate", "user_retention_rate"),
    ),
    metric("trials_ended", "Trials ended", "Free trials that ended in the period."),
    metric("trials_converted", "Trials converted", "Of the trials that ended, those that became paying customers."),
    share(
        "trial_conversion_rate",
        "Trial conversion rate",
        "Of the trials that ended, the share that became paying customers. Trials that still run do not count.",
        formula="trials_converted / trials_ended",
        also="free to paid",
    ),
)

RUNNING: Final = (
    metric("service_minutes", "Agreed service time", "Minutes the service was to be there.", unit="duration:min"),
    metric(
        "outage_minutes",
        "Outage",
        "Minutes the service was not usable within the agreed time.",
        unit="duration:min",
        direction=DOWN,
    ),
    share(
        "uptime",
        "Uptime",
        "Of the agreed service time, the share the service could be used. Measure from outside, as users see it.",
        decimals=2,
        level="strategic",
        formula="1 - outage_minutes / service_minutes",
        target_hint="99.9 % allows 43 minutes of outage in a month of 30 days, 99.5 % allows 3 h 36 min.",
        also="availability",
    ),
    duration(
        "time_to_restore_service",
        "Time to restore service (MTTR)",
        "How long users wait, on average, until the service works again after a failure. One long outage among many "
        "short ones hides in the mean.",
        "duration:min",
        decimals=0,
        also="mean time to recovery, failed deployment recovery time, DORA",
    ),
    metric(
        "crashed_sessions", "Sessions that crashed", "Sessions in which the product closed or froze.", direction=DOWN
    ),
    share(
        "crash_free_sessions",
        "Crash-free sessions",
        "Of all sessions, the share without a crash.",
        decimals=2,
        frequency=WEEKLY,
        formula="1 - crashed_sessions / sessions",
        moves=("user_retention_rate",),
    ),
    duration(
        "page_load_time",
        "Page load time (LCP)",
        "Seconds until the largest part of a page is there, for three of four visits (75th percentile). Measure at "
        "users’ devices, not in the office.",
        "duration:s",
        frequency=WEEKLY,
        moves=("conversion_rate",),
        target_hint="2.5 s or less counts as good in Google’s Core Web Vitals.",
        also="largest contentful paint, speed",
    ),
)

CHANGING: Final = (
    count(
        "deployments",
        "Deployments to production",
        "How often changes reached users: small and frequent ones fail less. Splitting changes only for the count "
        "helps nobody.",
        frequency=WEEKLY,
        moves=("lead_time_for_changes",),
        also="deployment frequency, releases, DORA",
    ),
    duration(
        "lead_time_for_changes",
        "Lead time for changes",
        "Hours from a change’s commit until it runs in production. The time ideas wait before is not in it.",
        "duration:h",
        frequency=WEEKLY,
        also="DORA",
    ),
    metric(
        "failed_deployments",
        "Failed deployments",
        "Deployments that had to be mended or taken back at once.",
        direction=DOWN,
    ),
    share(
        "change_failure_rate",
        "Change failure rate",
        "Of all deployments, the share that had to be mended or taken back at once.",
        direction=DOWN,
        formula="failed_deployments / deployments",
        moves=("uptime",),
        also="DORA",
    ),
)

TEMPLATES: Final = (*USE, *GROWTH, *RUNNING, *CHANGING)

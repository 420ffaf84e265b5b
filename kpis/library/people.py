"""Staying, hiring, learning and being well at work."""

from functools import partial
from typing import Final

from kpis.engine.definitions import Aggregation, Direction
from kpis.engine.periods import Frequency
from kpis.library.template import MONEY, Template

DOWN = Direction.DECREASE
MEAN, LAST = Aggregation.MEAN, Aggregation.LAST
QUARTERLY = Frequency.QUARTERLY

count = partial(Template, category="people", unit="number")
metric = partial(count, kind="metric")
share = partial(Template, category="people", unit="percent", decimals=1, aggregation=MEAN)
days = partial(Template, category="people", unit="duration:d", direction=DOWN, aggregation=MEAN)
hours = partial(Template, category="people", unit="duration:h")
worked = partial(hours, kind="metric")
average = partial(Template, category="people", unit=MONEY, aggregation=MEAN)

STAYING: Final = (
    metric(
        "headcount",
        "Headcount",
        "People employed at the end of the period, part-timers counted as one each. Use full-time equivalents for "
        "cost, heads for turnover.",
        aggregation=LAST,
        also="employees, staff",
    ),
    metric("leavers", "Leavers", "People whose employment ended in the period, for whatever reason.", direction=DOWN),
    metric("voluntary_leavers", "Voluntary leavers", "People who left of their own will.", direction=DOWN),
    share(
        "employee_turnover_rate",
        "Employee turnover rate",
        "Leavers of the last twelve months as a share of the mean headcount. Who leaves matters more than how many.",
        direction=DOWN,
        level="strategic",
        formula="rolling_sum(leavers, 12) / rolling_mean(headcount, 12)",
        also="fluctuation, attrition",
    ),
    share(
        "voluntary_turnover_rate",
        "Voluntary turnover rate",
        "Those who left of their own will in the last twelve months, as a share of the mean headcount. Retirements and "
        "temporary jobs that end do not count.",
        direction=DOWN,
        formula="rolling_sum(voluntary_leavers, 12) / rolling_mean(headcount, 12)",
        also="regretted attrition",
    ),
    share(
        "new_hire_retention",
        "New hires still there after a year",
        "Of the people hired a year before, the share that is still there. In small groups one person moves it far.",
        frequency=QUARTERLY,
        also="first-year retention",
    ),
    share(
        "engagement_score",
        "Engagement score",
        "Of those who answered the survey, the share that is engaged by the survey’s own rule. Scores of different "
        "surveys cannot be compared; publish how many answered.",
        aggregation=LAST,
        frequency=QUARTERLY,
        carry_forward=3,
        moves=("voluntary_turnover_rate", "absence_rate"),
    ),
    metric(
        "enps_promoters",
        "eNPS promoters",
        "Answers of 9 or 10 to “Would you recommend working here?”.",
        frequency=QUARTERLY,
    ),
    metric(
        "enps_detractors",
        "eNPS detractors",
        "Answers of 0 to 6 to “Would you recommend working here?”.",
        direction=DOWN,
        frequency=QUARTERLY,
    ),
    metric("enps_answers", "eNPS answers", "All answers to “Would you recommend working here?”.", frequency=QUARTERLY),
    Template(
        "employee_net_promoter_score",
        "Employee net promoter score (eNPS)",
        "The share of employees who would recommend working here less the share who would not, from -100 to 100. "
        "Without anonymity it is worthless.",
        "custom:points",
        "people",
        aggregation=MEAN,
        frequency=QUARTERLY,
        formula="(enps_promoters - enps_detractors) / enps_answers * 100",
        moves=("voluntary_turnover_rate",),
        target_hint="Above 0, more people recommend working here than advise against it.",
    ),
)

HIRING: Final = (
    days(
        "time_to_hire",
        "Time to hire",
        "Days from a candidate’s application to the accepted offer: how fast candidates are answered. Counting from "
        "the opening of the role is time to fill.",
        moves=("offer_acceptance_rate",),
    ),
    days(
        "time_to_fill",
        "Time to fill",
        "Days from the approval of a role to the accepted offer: how long a place stays empty.",
    ),
    metric("offers_made", "Job offers made", "Job offers that were answered in the period."),
    metric("offers_accepted", "Job offers accepted", "Of those answered, the ones accepted."),
    share(
        "offer_acceptance_rate",
        "Offer acceptance rate",
        "Of the job offers answered, the share accepted: whether pay, role and pace convince.",
        formula="offers_accepted / offers_made",
    ),
    Template(
        "recruiting_cost",
        "Recruiting cost",
        "Advertisements, agencies, tools, travel and the wages of recruiters.",
        MONEY,
        "people",
        kind="metric",
        direction=DOWN,
    ),
    metric("hires", "Hires", "People who began to work in the period."),
    average(
        "cost_per_hire",
        "Cost per hire",
        "What it costs to find one person who begins to work. Saving here and hiring the wrong people is dear.",
        direction=DOWN,
        formula="recruiting_cost / hires",
    ),
    metric("roles_filled", "Roles filled", "Open roles that were filled, from inside or outside."),
    metric(
        "roles_filled_inside", "Roles filled from inside", "Of the roles filled, those taken by people already here."
    ),
    share(
        "internal_fill_rate",
        "Internal fill rate",
        "Of the roles filled, the share taken by people already here: whether careers are possible.",
        formula="roles_filled_inside / roles_filled",
        moves=("voluntary_turnover_rate",),
        also="internal mobility, promotion",
    ),
)

WORKING: Final = (
    worked(
        "planned_hours", "Planned working hours", "Hours people were to work by contract, without leave and holidays."
    ),
    worked(
        "absent_hours",
        "Hours absent",
        "Planned hours missed by illness and other absence nobody planned.",
        direction=DOWN,
    ),
    worked("hours_worked", "Hours worked", "All hours really worked, overtime included."),
    worked("overtime_hours", "Overtime hours", "Hours worked beyond the contract, paid or not.", direction=DOWN),
    share(
        "absence_rate",
        "Absence rate (absenteeism)",
        "Of the hours planned, the share missed by illness and other unplanned absence; leave does not count. Pressing "
        "it down brings the ill to work.",
        direction=DOWN,
        formula="absent_hours / planned_hours",
        also="sick leave",
    ),
    share(
        "overtime_share",
        "Share of overtime",
        "How much of all hours worked is overtime. A short peak is normal, months of it wear people out.",
        direction=DOWN,
        formula="overtime_hours / hours_worked",
        moves=("absence_rate", "voluntary_turnover_rate"),
    ),
    worked("training_hours", "Training hours", "Hours people spent learning, in courses or on their own by plan."),
    hours(
        "training_hours_per_employee",
        "Training hours per employee",
        "How many hours a person spent learning in the period. Hours sat through are not skills gained.",
        decimals=1,
        aggregation=MEAN,
        formula="training_hours / headcount",
        moves=("voluntary_turnover_rate",),
    ),
    average(
        "revenue_per_employee",
        "Revenue per employee",
        "Revenue of the last twelve months for each person employed. Buying work from outside lifts it without "
        "anything getting better.",
        formula="rolling_sum(revenue, 12) / rolling_mean(headcount, 12)",
        also="productivity",
    ),
)

TEMPLATES: Final = (*STAYING, *HIRING, *WORKING)

"""Audits, safety at work, information security, and duties with a date."""

from functools import partial
from typing import Final

from kpis.engine.definitions import Aggregation, Direction
from kpis.library.template import MONEY, Template

DOWN = Direction.DECREASE
MEAN, LAST = Aggregation.MEAN, Aggregation.LAST

count = partial(Template, category="compliance", unit="number")
metric = partial(count, kind="metric")
share = partial(Template, category="compliance", unit="percent", decimals=1, aggregation=MEAN)
injury_rate = partial(Template, category="compliance", decimals=1, direction=DOWN, aggregation=MEAN, level="strategic")

AUDITS: Final = (
    metric("audit_findings_due", "Audit findings due", "Findings whose agreed date for closing fell into the period."),
    metric(
        "audit_findings_closed",
        "Audit findings closed by their date",
        "Of those due, the ones closed by the date first agreed.",
    ),
    share(
        "audit_findings_closed_on_time",
        "Audit findings closed on time",
        "Of the findings due, the share closed by the date first agreed. Dates moved later do not count as kept.",
        level="strategic",
        formula="audit_findings_closed / audit_findings_due",
        target_hint="100 %: the dates were agreed with those who keep them.",
    ),
    count(
        "overdue_audit_findings",
        "Overdue audit findings",
        "Findings still open after their date. One grave finding weighs more than ten small ones, so look at both.",
        direction=DOWN,
        aggregation=LAST,
        target_hint="0.",
    ),
    metric("controls_tested", "Controls tested", "Internal controls that were tested in the period."),
    metric("controls_passed", "Controls that worked", "Of those tested, the ones that worked as written down."),
    share(
        "control_pass_rate",
        "Control pass rate",
        "Of the internal controls tested, the share that worked. Testing only what is known to work says nothing.",
        formula="controls_passed / controls_tested",
        moves=("audit_findings_closed_on_time", "regulatory_fines"),
    ),
)

DUTIES: Final = (
    metric("trainings_due", "Mandatory trainings due", "Trainings people had to have done by a date in the period."),
    metric("trainings_done_on_time", "Mandatory trainings done on time", "Of those due, the ones done by their date."),
    share(
        "training_completion_rate",
        "Mandatory training completion",
        "Of the mandatory trainings due, the share done by their date. Clicking through is not understanding.",
        formula="trainings_done_on_time / trainings_due",
        moves=("security_incidents", "lost_time_injury_frequency_rate"),
        target_hint="100 %: what is mandatory has no exceptions.",
    ),
    metric("policies_due", "Policy confirmations due", "People times policies they had to read and confirm."),
    metric("policies_confirmed", "Policies confirmed", "Of those due, the ones confirmed."),
    share(
        "policy_confirmation_rate",
        "Policy confirmation rate",
        "Of the confirmations due, the share given. It shows who was told, not who acts by it.",
        formula="policies_confirmed / policies_due",
        moves=("policy_breaches",),
        also="acknowledgement, code of conduct",
    ),
    count(
        "policy_breaches",
        "Breaches of policy",
        "Cases in which somebody was found to have broken a policy. More may mean that people dare to report.",
        direction=DOWN,
        also="violations",
    ),
    metric("filings_due", "Regulatory filings due", "Reports and returns to authorities that were due."),
    metric(
        "filings_on_time", "Regulatory filings handed in on time", "Of those due, the ones handed in by their date."
    ),
    share(
        "regulatory_filings_on_time",
        "Regulatory filings on time",
        "Of the reports and returns due, the share handed in by their date. On time and wrong has to be done again.",
        formula="filings_on_time / filings_due",
        target_hint="100 %: the dates are the law’s.",
    ),
    Template(
        "regulatory_fines",
        "Fines",
        "What authorities made the business pay. They come years after the cause.",
        MONEY,
        "compliance",
        direction=DOWN,
        also="penalties",
    ),
)

SAFETY: Final = (
    metric(
        "lost_time_injuries",
        "Lost time injuries",
        "Injuries at work after which somebody missed at least one day or shift.",
        direction=DOWN,
    ),
    metric(
        "recordable_injuries",
        "Recordable injuries",
        "Injuries and illnesses from work that needed more than first aid, lost time or not.",
        direction=DOWN,
    ),
    injury_rate(
        "lost_time_injury_frequency_rate",
        "Lost time injury frequency rate (LTIFR)",
        "Injuries with lost time in the last twelve months for a million hours worked. In a small company one injury "
        "moves it far.",
        "custom:per million hours",
        formula="rolling_sum(lost_time_injuries, 12) / rolling_sum(hours_worked, 12) * 1000000",
        also="accidents",
        target_hint="0 is the only number anybody wants.",
    ),
    injury_rate(
        "total_recordable_incident_rate",
        "Total recordable incident rate (TRIR)",
        "Recordable injuries of the last twelve months for 200,000 hours worked, which is a hundred people for a year. "
        "It counts a cut and a lost hand alike.",
        "custom:per 200,000 hours",
        formula="rolling_sum(recordable_injuries, 12) / rolling_sum(hours_worked, 12) * 200000",
        also="accidents, OSHA",
    ),
    count(
        "near_misses_reported",
        "Near misses reported",
        "Events that could have hurt somebody and were reported. More reports are good: silence means that people do "
        "not look or do not dare.",
        moves=("lost_time_injury_frequency_rate", "total_recordable_incident_rate"),
    ),
)

SECURITY: Final = (
    count(
        "security_incidents",
        "Security incidents",
        "Confirmed events that harmed data or systems. Better watching finds more, so read it with how they were "
        "found.",
        direction=DOWN,
        also="data breaches",
    ),
    metric(
        "patches_due",
        "Critical patches due",
        "Systems times critical patches whose time for installing ended in the period.",
    ),
    metric("patches_on_time", "Critical patches installed on time", "Of those due, the ones installed in time."),
    share(
        "patching_on_time",
        "Critical patches on time",
        "Of the critical patches due, the share installed in the time agreed. Systems nobody knows of are not in it.",
        formula="patches_on_time / patches_due",
        moves=("security_incidents",),
        also="vulnerability",
    ),
    metric("phishing_tests", "Phishing test letters", "Letters that imitate phishing, sent to train people."),
    metric("phishing_tests_reported", "Phishing tests reported", "Of those letters, the ones somebody reported."),
    share(
        "phishing_report_rate",
        "Phishing report rate",
        "Of the test letters, the share that was reported. It says more than how many clicked: one report warns "
        "everybody.",
        formula="phishing_tests_reported / phishing_tests",
        moves=("security_incidents",),
    ),
    metric(
        "data_requests_due",
        "Data subject requests due",
        "Requests for access to, or erasure of, personal data whose time ended in the period.",
    ),
    metric(
        "data_requests_on_time",
        "Data subject requests answered in time",
        "Of those due, the ones answered in full in time.",
    ),
    share(
        "data_subject_requests_on_time",
        "Data subject requests on time",
        "Of the requests about personal data that were due, the share answered in full in time. In the European Union "
        "the time is one month.",
        formula="data_requests_on_time / data_requests_due",
        target_hint="100 %: the time is the law’s.",
        also="GDPR, privacy, DSAR",
    ),
)

TEMPLATES: Final = (*AUDITS, *DUTIES, *SAFETY, *SECURITY)

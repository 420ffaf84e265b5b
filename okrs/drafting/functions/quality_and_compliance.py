"""Right the first time, safe, and as the rules ask."""

from typing import Final

from okrs.drafting.template import ObjectiveTemplate, at_least, at_most, move, steps

TEMPLATES: Final = (
    ObjectiveTemplate(
        "Make it right the first time",
        "What is made twice is paid twice.",
        (
            move("First pass yield", 0.91, 0.96, "first_pass_yield"),
            move("Cost of poor quality as a share of sales", 0.045, 0.03, "poor_quality_share"),
            move("Rework rate", 0.06, 0.03, "rework_rate"),
        ),
    ),
    ObjectiveTemplate(
        "Find our mistakes before customers do",
        "Every defect that leaves the house was let through by somebody.",
        (
            move("Share of defects that customers find", 0.18, 0.08, "defect_escape_rate"),
            move("Warranty claim rate", 0.021, 0.012, "warranty_claim_rate"),
            at_least("Complaints solved on time", 0.95, "on_time_complaint_resolution"),
        ),
    ),
    ObjectiveTemplate(
        "Be ready for an audit on any day",
        "Rules that are kept all year need no preparation.",
        (
            at_least("Audit findings closed on time", 0.95, "audit_findings_closed_on_time"),
            move("Control pass rate", 0.88, 0.97, "control_pass_rate"),
            at_least("Required trainings done on time", 0.98, "training_completion_rate"),
        ),
        "committed",
    ),
    ObjectiveTemplate(
        "Let everybody go home as healthy as they came",
        "Near misses that are told prevent the accidents that are not.",
        (
            move("Near misses reported in a quarter", 10, 40, "near_misses_reported"),
            at_most("Injuries with lost time per month", 0, "lost_time_injuries"),
            at_least("Corrective actions done on time", 0.95, "corrective_action_punctuality"),
        ),
        "committed",
    ),
    ObjectiveTemplate(
        "Keep our customers' data safe",
        "Close the doors that are known to be open, and notice who tries them.",
        (
            at_least("Patches installed on time", 0.98, "patching_on_time"),
            move("Share of phishing tests reported", 0.31, 0.6, "phishing_report_rate"),
            steps("Steps to the certificate", "Gaps known", "Policies confirmed", "Internal audit", "Certified"),
        ),
    ),
)

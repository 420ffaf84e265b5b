"""From check-ins, milestones and KPIs to the stored progress of key results, by the rules of ``okrs.progress``."""

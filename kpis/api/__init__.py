"""The REST API of ``kpis``."""

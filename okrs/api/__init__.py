"""The REST API of ``okrs``."""

"""Whom we serve: customers and the segments they belong to."""

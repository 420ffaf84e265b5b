"""Telling it: home, the ladder, my ladder."""

"""Writes, as verbs: each does the row, the audit entry and the stale marks in the caller's transaction."""

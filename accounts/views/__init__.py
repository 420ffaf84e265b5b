"""Pages about people and organizations, one subject per module."""

"""Help with drafts of objectives and key results. Pure."""

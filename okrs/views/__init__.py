"""Pages of objectives, key results and cycles."""

"""What pages show of objectives and key results, put into words, numbers and pictures."""

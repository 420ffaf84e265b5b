"""Templates of objectives, a file for each function of a company."""

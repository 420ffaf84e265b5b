"""Forms of objectives, key results, check-ins and cycles: they shape input, what makes sense is the actions’ to say."""

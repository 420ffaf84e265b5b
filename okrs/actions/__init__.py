"""Every change of cycles, objectives and key results, as verbs."""

"""Pictures of objectives and key results as SVG: pure functions, coloured by the style sheet."""

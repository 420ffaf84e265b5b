"""What we measure: KPIs, their hierarchy, measurements, targets and scores."""

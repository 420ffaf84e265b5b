"""What we want: cycles, objectives, key results and check-ins."""

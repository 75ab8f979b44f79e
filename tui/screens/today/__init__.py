"""Today: what presses this morning, the plan of the day, and what teammates chose to share."""

"""Step 5: one job, the list of jobs, and what is said at the end."""

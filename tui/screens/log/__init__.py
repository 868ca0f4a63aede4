"""What opens over a step from the log, and the window of an earlier session."""

"""The line-by-line twin: the same workflow as plain lines, for pipes, scripts and screen readers."""

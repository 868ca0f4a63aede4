"""One module a step: what it shows, its keys, the events it posts. Calls nothing."""

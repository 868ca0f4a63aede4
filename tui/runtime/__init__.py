"""What performs the workflow's effects: the only callers of the client and of what is kept. No user interface."""

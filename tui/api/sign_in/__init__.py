"""Ways in: what a pasted text is, the calls that bring tokens, and their renewal. No user interface."""

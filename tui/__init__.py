"""Start a UiPath job from the terminal and watch its live state beside the raw request/response log."""

"""The command line: arguments, and what each command does besides the screens."""

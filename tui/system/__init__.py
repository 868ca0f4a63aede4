"""What the computer is to the program: browser, clipboard, signals, environment, and what must not leak."""

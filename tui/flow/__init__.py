"""The workflow as a pure state machine. No I/O, no clock, no terminal."""

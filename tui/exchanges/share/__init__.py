"""Exchanges for other people and programs: requests as commands and scripts, logs as files."""

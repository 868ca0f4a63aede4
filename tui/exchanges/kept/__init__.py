"""Exchanges in a file of SQLite: written as they happen, read, searched and removed."""

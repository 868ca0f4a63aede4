"""An earlier session opened again, read-only: what was known of its jobs at each of its calls."""

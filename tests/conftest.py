"""How many tests run side by side: most of them wait for a program or a server, so two share a core."""

import os


def pytest_xdist_auto_num_workers() -> int:
    """Return the workers of ``-n auto``."""
    return 2 * (os.cpu_count() or 1)

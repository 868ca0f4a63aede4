"""When to ask the server next. Pure numbers: seconds in, seconds out.

The list of jobs may be read 100 times a minute in a tenant by everyone together (UiPath's rate-limit page); lists are
therefore never asked for more than 12 times a minute, whoever wants them (`tui.api.pace` sees to it), and one job is
read by its id. Several are read by one list request a look; more than it takes, by turns.
"""

from typing import Final

FIRST: Final = 1.0
"""Until the first look after a start."""
QUICK: Final = 2.0
QUICK_POLLS: Final = 10
STEADY: Final = 5.0
SLOWEST: Final = 15.0
LISTED: Final = 6.0
"""Between two looks at several jobs: ten lists a minute, which leaves two to what else is asked for."""
ROUND: Final = 30.0
"""Jobs that are read by turns have all been read within so long, where the looks may come as quickly as that."""
GROWTH: Final = 1.5
MOST_GROWTH: Final = 10
"""Steps of growth after which the pause is the longest anyway; a job may be pending for days."""
BACK_OFF_LIMIT: Final = 60.0
RETRY_AFTER_LIMIT: Final = 300.0
CHECKS: Final = (0.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0, 124.0, 301.0)
"""When a job is looked for whose start got no complete answer, in seconds since then.

The last two lie just behind 120 s, when a server without marks may be judged, and 300 s, when absence is credible.
"""
KEPT_UP: Final = 60.0
"""Between the looks after those, for as long as the person waits."""


def next_poll(unchanged: int, jobs: int, turns: int = 1) -> float:
    """Return the seconds until the next look at ``jobs`` unfinished jobs after ``unchanged`` looks without news.

    ``turns`` is the number of looks that it takes to read all of them: the more, the less the pause grows.
    """
    if jobs == 1 and unchanged < QUICK_POLLS:
        return QUICK
    patience = min(MOST_GROWTH, max(0, unchanged - QUICK_POLLS))
    least = LISTED if jobs > 1 else STEADY
    return max(least, min(SLOWEST, ROUND / turns, least * GROWTH**patience))


def least_gap(jobs: int) -> float:
    """Return the least seconds between two looks at ``jobs`` unfinished jobs, whoever asks; one is read by its id."""
    return LISTED if jobs > 1 else 0.0


def after_failure(failures: int, retry_after: float | None) -> float:
    """Return the seconds until the next try after ``failures`` (≥ 1) looks in a row without an answer."""
    backing_off = min(BACK_OFF_LIMIT, STEADY * 2.0 ** min(failures - 1, 10))
    asked = min(RETRY_AFTER_LIMIT, retry_after or 0.0)
    return max(backing_off, asked)


def next_check(checks: int) -> float:
    """Return the seconds until the next look for a lost start after ``checks`` (≥ 1) looks."""
    return CHECKS[checks] - CHECKS[checks - 1] if checks < len(CHECKS) else KEPT_UP

"""Owns the names of the scenarios and how a list of them is read. Standard library only: the command line needs it."""

import difflib
from collections.abc import Mapping
from types import MappingProxyType

SCENARIOS: Mapping[str, str] = MappingProxyType(
    {
        "happy": "everything works: two accounts, several instances and folders, every kind of argument",
        "faulted": "every job ends in an unhandled exception",
        "stopped": "somebody else kills every job half-way",
        "pending": "no robot ever takes a job; ValidateExistingJob says why",
        "suspended": "jobs are parked half-way, resume and finish (today's cloud only: 2019.4 has no such state)",
        "many": "10,000 releases, and robots enough for 500 jobs from one start",
        "expired": "an access token dies after a few calls; refreshing gives another (look at the log)",
        "short": "access tokens end after five seconds; refreshing gives others (look at the log)",
        "no-id-token": "every second answer to a 2019 user key lacks the id_token, and access ends after ten seconds",
        "revoked": "user key, refresh tokens and personal access token have been revoked",
        "throttled": "every fourth Orchestrator call is refused with 429 and Retry-After",
        "outage": "reads meet 503s and dropped connections once a job is under way",
        "ambiguous": "StartJobs creates the jobs, and the connection drops before the answer",
        "slow": "every answer takes its time",
        "empty": "there are no releases",
        "forbidden": "robot logs and folders are refused with 403",
        "folder-hidden": "the token may not list folders (today's cloud only); one that is typed works",
        "no-monitoring": "the token lacks OR.Monitoring: robot logs are refused (today's cloud only)",
        "auditor": "the role may read the audit log; with ambiguous it says who started which job",
        "read-only": "the role may look and not act: starting and stopping are refused with 403",
        "hostile": "escape sequences, markup, bidirectional overrides, lone surrogates and huge words in every text",
        "listing-refused": "tenants cannot be listed (today's cloud, by Browser, Organization and Tenant left empty)",
        "federated": "an address that names the organization ends with errorCode=219; that of this program works",
        "sso-refused": "every browser sign-in of today's cloud ends with errorCode=219: the directory refuses",
    }
)
"""Name → one line for ``--help``. ``happy`` is what the others change."""


def parse_scenarios(text: str) -> tuple[str, ...]:
    """Return the names in ``text`` (``throttled,faulted``), each once, in order; nothing means ``("happy",)``.

    Raises:
        ValueError: A name is unknown; the sentence offers the nearest ones.
    """
    names = tuple(dict.fromkeys(name for part in text.split(",") if (name := part.strip().lower())))
    for name in names:
        if name not in SCENARIOS:
            raise ValueError(_unknown(name))
    return names or ("happy",)


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, SCENARIOS, n=3, cutoff=0.7)
    if near:
        offer = " or ".join(f"`{candidate}`" for candidate in near)
        return f"There is no scenario `{name}`. Did you mean {offer}?"
    return f"There is no scenario `{name}`. Choose from: {', '.join(SCENARIOS)}."

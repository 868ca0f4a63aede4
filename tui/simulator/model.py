"""Owns what a tenant consists of: folders or environments, robots, releases, jobs. Plain data, no wire rows."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tui.simulator.catalogue import Process
from tui.simulator.generation import Generation
from tui.simulator.lifecycle import Lifecycle
from tui.simulator.wire import Row


@dataclass(frozen=True, slots=True)
class Folder:
    """A modern folder. ``path`` is its fully qualified name."""

    id: int
    key: str
    display_name: str
    path: str
    folder_type: str = "Standard"
    parent_id: int | None = None
    parent_key: str | None = None


@dataclass(frozen=True, slots=True)
class Robot:
    """An unattended robot on its machine."""

    id: int
    name: str
    username: str
    machine_name: str
    machine_id: int
    machine_key: str


@dataclass(frozen=True, slots=True)
class Environment:
    """A classic environment: the robots a release may run on."""

    id: int
    name: str
    robots: tuple[Robot, ...]


@dataclass(slots=True, eq=False)
class Release:
    """A process made available in a folder (today) or an environment (2019)."""

    id: int
    process: Process
    folder: Folder | None = None
    environment: Environment | None = None
    row: Row | None = field(default=None, repr=False)
    """Its wire row once built: releases never change."""

    @property
    def key(self) -> str:
        """The release key."""
        return self.process.key


@dataclass(slots=True)
class Job:
    """One run of a release on one robot. ``details`` holds what StartJobs asked for and the service stores."""

    id: int
    key: str
    release: Release
    robot: Robot
    created: datetime
    batch_key: str
    lifecycle: Lifecycle
    details: dict[str, Any]
    input_arguments: str | None = None
    started_by: str = ""
    """The user name of whoever started it."""
    final_log: list[Row] | None = field(default=None, repr=False)
    """Its robot log once it has ended: the log no longer changes."""


@dataclass(slots=True)
class Tenant:
    """One service instance: ``account`` and ``name`` are logical names, as they stand in addresses."""

    generation: Generation
    account: str
    name: str
    display_name: str
    key: str
    robots: tuple[Robot, ...]
    folders: tuple[Folder, ...] = ()
    environments: tuple[Environment, ...] = ()
    releases: list[Release] = field(default_factory=list[Release])
    jobs: list[Job] = field(default_factory=list[Job])
    robot_rows: dict[int, Row] = field(default_factory=dict[int, Row], repr=False)
    """Wire rows of robots by id, once built: robots never change."""

    @property
    def modern(self) -> bool:
        """Whether it has folders instead of environments."""
        return self.generation is Generation.MODERN

    def release_by_key(self, key: str) -> Release | None:
        """Return the release with ``key``, in any case, or None."""
        return next((release for release in self.releases if release.key == key.lower()), None)

    def job_by_id(self, job_id: int) -> Job | None:
        """Return the job with ``job_id`` or None."""
        return next((job for job in self.jobs if job.id == job_id), None)

    def job_by_key(self, key: str) -> Job | None:
        """Return the job with ``key``, in any case, or None."""
        return next((job for job in self.jobs if job.key == key.lower()), None)

"""What there is to know about one release, as content: keys, version, place, arguments, warnings. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.api.arguments import parse_arguments
from tui.widgets.facts import facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.api.arguments import Argument
    from tui.api.models import Release


def release_detail(release: Release, *, unresolved: bool = False) -> Content:
    """Return everything the start depends on, warnings first."""
    parts = [Content.styled(release.name, "bold $primary")]
    parts += [Content.styled(f"! {warning}", "$warning") for warning in warnings(release, unresolved=unresolved)]
    parts.append(
        facts(
            [
                ("Release key", Content.styled(release.key, "bold")),
                ("Process", release.process_key),
                ("Version", _version(release)),
                ("Entry point", release.entry_point_path),
                ("Environment", release.environment_name),
                ("Folder", release.organization_unit_fully_qualified_name),
                ("Type", release.process_type),
                ("Priority", release.job_priority),
                ("About", release.description),
            ]
        )
    )
    parts.append(_arguments("Inputs", parse_arguments(release.arguments.input)))
    parts.append(_arguments("Outputs", parse_arguments(release.arguments.output)))
    return Content("\n").join(parts)


def warnings(release: Release, *, unresolved: bool = False) -> Iterator[str]:
    """Yield what may surprise whoever starts this release."""
    if unresolved:
        yield "The last start of this release got no complete answer: its job may exist. It is looked for first."
    if release.is_process_deleted:
        yield "Its process was deleted: a start will be refused or fault."
    if release.is_attended:
        yield "Attended: made for a robot with a person beside it."
    if release.requires_user_interaction:
        yield "Runs in the foreground: takes the whole desktop of its robot."


def flags(release: Release) -> str:
    """Return the short marks of a row."""
    if release.is_process_deleted:
        return "deleted"
    return "" if release.is_latest_version else "outdated"


def _version(release: Release) -> Content:
    mark = flags(release)
    return Content.assemble(release.process_version, (f"  {mark}" if mark else "", "$warning"))


def _arguments(title: str, arguments: tuple[Argument, ...]) -> Content:
    if not arguments:
        return Content.styled(f"\n{title}: none", "$text-muted")
    width = max(len(argument.shown_name) for argument in arguments)
    lines = [Content.styled(f"\n{title}", "bold")]
    for argument in arguments:
        mark = "  required" if argument.required and not argument.has_default else ""
        lines.append(
            Content.assemble(
                "  ",
                argument.shown_name.ljust(width),
                (f"  {argument.short_type or 'any'}", "$text-muted"),
                (mark, "$warning"),
            )
        )
    return Content("\n").join(lines)

"""Owns ``$metadata``: the entity types as CSDL XML, so that a client can see which properties a tenant's rows have."""

from xml.sax.saxutils import quoteattr

from tui.simulator.folder_rows import FOLDER
from tui.simulator.job_rows import CLASSIC_JOB, MODERN_JOB
from tui.simulator.log_rows import CLASSIC_LOG, MODERN_LOG
from tui.simulator.queries import Entity
from tui.simulator.release_rows import CLASSIC_RELEASE, MODERN_RELEASE
from tui.simulator.robot_rows import CLASSIC_ROBOT, CLASSIC_SESSION, ENVIRONMENT, MODERN_ROBOT, MODERN_SESSION

_NAMESPACE = "UiPath.Server.Configuration.OData"


def metadata_xml(*, modern: bool) -> str:
    """Return the CSDL document of one generation; every property is given as text."""
    sets: dict[str, Entity] = (
        {
            "Jobs": MODERN_JOB,
            "Releases": MODERN_RELEASE,
            "RobotLogs": MODERN_LOG,
            "Robots": MODERN_ROBOT,
            "Sessions": MODERN_SESSION,
            "Folders": FOLDER,
        }
        if modern
        else {
            "Jobs": CLASSIC_JOB,
            "Releases": CLASSIC_RELEASE,
            "RobotLogs": CLASSIC_LOG,
            "Robots": CLASSIC_ROBOT,
            "Sessions": CLASSIC_SESSION,
            "Environments": ENVIRONMENT,
        }
    )
    types = "".join(_entity_type(entity) for entity in sets.values())
    listed = "".join(
        f"<EntitySet Name={quoteattr(name)} EntityType={quoteattr(f'{_NAMESPACE}.{entity.name}')}/>"
        for name, entity in sets.items()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>'
        f'<Schema Namespace="{_NAMESPACE}" xmlns="http://docs.oasis-open.org/odata/ns/edm">{types}'
        f'<EntityContainer Name="Container">{listed}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>'
    )


def _entity_type(entity: Entity) -> str:
    properties = "".join(f'<Property Name={quoteattr(name)} Type="Edm.String"/>' for name in entity.properties)
    return f'<EntityType Name={quoteattr(entity.name)}><Key><PropertyRef Name="Id"/></Key>{properties}</EntityType>'

"""Owns rows about folders and the signed-in user. Names from the v20 definition."""

from collections.abc import Sequence

from tui.simulator.model import Folder, Tenant
from tui.simulator.queries import Entity
from tui.simulator.sign_in.tokens import USER_EMAIL, USER_SUBJECT
from tui.simulator.wire import Row

FOLDER = Entity(
    "FolderDto",
    (
        *("Key", "DisplayName", "FullyQualifiedName", "Description", "FolderType", "IsPersonal", "ProvisionType"),
        *("PermissionModel", "ParentId", "ParentKey", "FeedType", "Id"),
    ),
)
USER = Entity(
    "UserDto",
    (
        *("Name", "Surname", "UserName", "FullName", "EmailAddress", "IsActive", "TenantId", "TenancyName"),
        *("TenantDisplayName", "TenantKey", "Type", "Key", "Id"),
    ),
    frozenset({"PersonalWorkspace", "UserRoles", "OrganizationUnits"}),
)


def folder_row(folder: Folder) -> Row:
    """Return the folder as a FolderDto."""
    return {
        "Key": folder.key,
        "DisplayName": folder.display_name,
        "FullyQualifiedName": folder.path,
        "Description": None,
        "FolderType": folder.folder_type,
        "IsPersonal": folder.folder_type == "Personal",
        "ProvisionType": "Automatic",
        "PermissionModel": "FineGrained",
        "ParentId": folder.parent_id,
        "ParentKey": folder.parent_key,
        "FeedType": "PersonalWorkspace" if folder.folder_type == "Personal" else "Processes",
        "Id": folder.id,
    }


def navigation_row(folder: Folder, folders: Sequence[Folder]) -> Row:
    """Return the folder as the current user's folder lists have it: with its place in the tree."""
    return folder_row(folder) | {
        "IsSelectable": True,
        "HasChildren": any(other.parent_id == folder.id for other in folders),
        "Level": folder.path.count("/"),
    }


def user_row(tenant: Tenant) -> Row:
    """Return the one invented user."""
    personal = next((folder for folder in tenant.folders if folder.folder_type == "Personal"), None)
    return {
        "Name": "Ada",
        "Surname": "Harbour",
        "UserName": USER_EMAIL,
        "FullName": "Ada Harbour",
        "EmailAddress": USER_EMAIL,
        "IsActive": True,
        "TenantId": 417,
        "TenancyName": tenant.name,
        "TenantDisplayName": tenant.display_name,
        "TenantKey": tenant.key,
        "Type": "User",
        "Key": USER_SUBJECT,
        "Id": 2_031_777,
        "PersonalWorkspace": folder_row(personal) if personal else None,
        "UserRoles": [],
        "OrganizationUnits": [],
    }

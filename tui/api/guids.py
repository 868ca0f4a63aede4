"""Recognises GUIDs: release keys, job keys, ids of applications. Standard library only."""

import re
from typing import Final

_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_guid(text: str) -> bool:
    """Tell whether ``text``, all of it, is a GUID, and so may stand unquoted in ``$filter``."""
    return _GUID.fullmatch(text) is not None

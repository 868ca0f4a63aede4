"""Where files live on each operating system. Creates nothing; imports platformdirs only when asked."""

from pathlib import Path
from typing import Final

APP: Final = "uipath-tui"


def settings_file() -> Path:
    """Return the path of the settings file, ``settings.toml`` in the user's configuration folder."""
    from platformdirs import user_config_path

    return user_config_path(APP, appauthor=False) / "settings.toml"

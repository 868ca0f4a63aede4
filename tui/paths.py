"""Where files live on each operating system. Creates nothing; imports platformdirs only when asked."""

from pathlib import Path
from typing import Final

APP: Final = "uipath-tui"


def settings_file() -> Path:
    """Return the path of the settings file, ``settings.toml`` in the user's configuration folder."""
    return _configuration_folder() / "settings.toml"


def profiles_file() -> Path:
    """Return the path of the profile file, ``profiles.toml`` in the user's configuration folder."""
    return _configuration_folder() / "profiles.toml"


def state_folder() -> Path:
    """Return the folder of what the program keeps between sessions and nobody edits."""
    from platformdirs import user_state_path

    return user_state_path(APP, appauthor=False)


def credentials_folder() -> Path:
    """Return the folder of secrets kept in files, and of the locks around every kept secret."""
    return state_folder() / "credentials"


def copied_file() -> Path:
    """Return the file that holds the last copy where there is no clipboard."""
    return state_folder() / "copied.txt"


def _configuration_folder() -> Path:
    from platformdirs import user_config_path

    return user_config_path(APP, appauthor=False)

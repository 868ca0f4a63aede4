"""Lets ``python -m tui`` run the command line."""

import sys

from tui.cli import main

sys.exit(main())

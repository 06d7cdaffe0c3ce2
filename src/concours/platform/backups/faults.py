"""Why a backup could not be made, is not whole, or is not restored."""

from __future__ import annotations


class BackupFault(Exception):
    """The message names what is wrong and the mend."""

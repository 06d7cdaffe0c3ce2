"""Where files that ship with Concours lie."""

from __future__ import annotations

from pathlib import Path

import concours


def shipped_seasons() -> Path:
    """The folder of shipped seasons: in the installed package, or in a checkout's root."""
    package = Path(concours.__file__).parent
    installed = package / "seasons"
    return installed if installed.is_dir() else package.parents[1] / "seasons"

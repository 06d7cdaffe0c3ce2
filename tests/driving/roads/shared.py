"""Third-party maps and measured points beside the repository; tests skip without them."""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / ".." / "shared" / "data" / "driving"

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="no ../shared/data/driving")


def map_file(name: str) -> Path:
    """A map by its name, whichever folder it is in."""
    for folder in ("towns", "esmini/xodr"):
        path = DATA / folder / f"{name}.xodr"
        if path.exists():
            return path
    raise FileNotFoundError(name)


def map_names() -> list[str]:
    """Names of all maps there."""
    return sorted(path.stem for path in DATA.glob("**/*.xodr"))

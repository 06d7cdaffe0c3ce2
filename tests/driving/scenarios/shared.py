"""Files by third parties, where the checkout has them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDER = Path(os.environ.get("CONCOURS_SHARED", ROOT / ".." / "shared")) / "data" / "driving"
SCENARIOS = sorted(
    path
    for folder in ("esmini/xosc", "carla-scenario-runner", "oasis")
    for path in (FOLDER / folder).glob("*.xosc")
)

needed = pytest.mark.skipif(not FOLDER.is_dir(), reason="shared/data/driving is not there")

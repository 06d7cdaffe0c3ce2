from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories import boards


@pytest.fixture
def field(db: None, tmp_path: Path) -> boards.Field:
    return boards.field(tmp_path)

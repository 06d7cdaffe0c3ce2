from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

SHIPPED = Path(__file__).parents[3] / "seasons" / "open-atom-2022"


@pytest.fixture(scope="session")
def shipped() -> Path:
    return SHIPPED


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped season, to be changed."""
    folder = tmp_path / "season"
    shutil.copytree(SHIPPED, folder)
    return folder


@pytest.fixture
def change(copy: Path) -> Callable[[str, str, str], None]:
    """change(file, old, new): a text in a file of `copy`, which must be there."""

    def edit(name: str, old: str, new: str) -> None:
        path = copy / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit

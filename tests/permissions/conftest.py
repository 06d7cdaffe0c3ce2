"""One world for a module's tests; everything in it is taken back at the module's end."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.permissions.furnishing import furnish
from tests.permissions.world import World


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("world")


@pytest.fixture(scope="module")
def world(folder: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    places = {"MEDIA_ROOT": folder / "files", "EVALUATIONS_DIR": folder / "evaluations"}
    logging.disable(logging.ERROR)
    with django_db_blocker.unblock(), override_settings(**places), transaction.atomic():
        yield furnish(folder)
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def _media(settings: Any, folder: Path) -> None:
    """The world's files, instead of an empty folder a test."""
    settings.MEDIA_ROOT = folder / "files"
    settings.EVALUATIONS_DIR = folder / "evaluations"

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from concours.platform.accounts.models import User
from concours.platform.core import clock
from tests.factories.profiles import LATER


@pytest.fixture(autouse=True)
def _own_key(settings: Any, tmp_path: Path) -> None:
    """A key of the test's own, in a folder of its own."""
    settings.CONFIG = replace(settings.CONFIG, data_dir=tmp_path / "data")


@pytest.fixture(autouse=True)
def _later() -> Iterator[datetime]:
    with clock.frozen_at(LATER):
        yield LATER


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def browser(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return browser

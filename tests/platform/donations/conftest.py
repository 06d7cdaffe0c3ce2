from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from concours.platform.core import clock
from tests.factories import donations


@pytest.fixture(autouse=True)
def _in_spring() -> Iterator[None]:
    # Wrong passwords are counted by account; keys of accounts come again from test to test.
    cache.clear()
    with clock.frozen_at(donations.SPRING):
        yield

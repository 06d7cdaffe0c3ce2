from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from concours.platform.core import clock
from tests.factories.incubation import NOW


@pytest.fixture(autouse=True)
def _now() -> Iterator[datetime]:
    """The clock stands still."""
    with clock.frozen_at(NOW):
        yield NOW

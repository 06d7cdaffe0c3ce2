from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from concours.platform.core.errors import Refused
from concours.platform.handover import models
from concours.platform.record.models import Event
from concours.platform.register.models import Project


def stored() -> dict[str, Any]:
    """All that handovers store, the register and the record."""
    rows = {
        name: list(getattr(models, name).objects.order_by("pk").values()) for name in models.__all__
    }
    return {**rows, "projects": list(Project.objects.values()), "events": Event.objects.count()}


@pytest.fixture
def refuses() -> Callable[[str], Any]:
    """A block that is refused with that code, after which nothing is stored that was not before."""

    @contextmanager
    def block(code: str) -> Iterator[None]:
        before = stored()
        with pytest.raises(Refused) as refusal:
            yield
        assert refusal.value.code == code
        assert stored() == before

    return block

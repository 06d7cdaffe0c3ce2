from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache

from concours.platform.appeals import models
from concours.platform.awards import models as awards
from concours.platform.competitions.models import Entry
from concours.platform.core import clock
from concours.platform.record.models import Event
from concours.platform.review.models import Amendment, Review, Standing, StandingSnapshot
from tests.factories import appeals

KEPT = (
    *(getattr(models, name) for name in models.__all__),
    *(getattr(awards, name) for name in awards.__all__),
    Amendment,
    Entry,
    Review,
    Standing,
    StandingSnapshot,
)


def stored() -> dict[str, Any]:
    """All that appeals and changes could touch, and the record."""
    found: dict[str, Any] = {
        model._meta.label: list(model.objects.order_by("pk").values()) for model in KEPT
    }
    return {**found, "events": Event.objects.count()}


@pytest.fixture
def unchanged() -> Callable[[], Any]:
    """A block after which nothing is stored that was not before."""

    @contextmanager
    def block() -> Iterator[None]:
        before = stored()
        yield
        assert stored() == before

    return block


@pytest.fixture(autouse=True)
def _during() -> Iterator[None]:
    # Wrong signatures are counted by account; keys of accounts come again from test to test.
    cache.clear()
    with clock.frozen_at(appeals.DURING):
        yield

"""The surroundings of what a worker does with the domain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from concours.platform.core import clock
from concours.platform.record.domain import acting
from concours.platform.rehearsal.domain import current_shift


@contextmanager
def at_work() -> Iterator[None]:
    """With the installation's clock, and events marked as the worker's."""
    with clock.shifted(current_shift()), acting(via="worker"):
        yield

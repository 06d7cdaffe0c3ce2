"""A season's data that cannot be used."""

from __future__ import annotations

from collections.abc import Sequence

from concours.platform.core.errors import Refused
from concours.tables import Fault, told


class DataRefused(Refused):
    """The data cannot be used; `faults` says everything that was found. Nothing was changed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("bad-data", told(self.faults))

"""The refusals of this library: a code for programs, a sentence that names the mend for people."""

from __future__ import annotations

from collections.abc import Sequence

from concours.clones import CloneRefused, Code
from concours.tables import Fault, told

__all__ = ["BadReport", "BadSet", "CloneRefused", "Code"]


class BadSet(Exception):
    """A criteria set that cannot be read; `faults` name file, key and mend."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(told(faults))
        self.faults = tuple(faults)


class BadReport(Exception):
    """A report of the check that is damaged or not of this format."""


class BadKeys(Exception):
    """Keys that cannot be read; the message says where, and the mend."""


class BadForge(Exception):
    """A forge's data that cannot be read at all; the message says where, and the mend."""

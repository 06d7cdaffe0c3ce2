"""Whose fault it is: the evaluator's, the entrant's, or that of a result which is none."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from typing import Any

from concours.box import BoxFault, BoxMissing
from concours.evaluation.texts import in_short, printable
from concours.tables import Fault, told

NO_ROOM = (os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT))


class BadEvaluator(ValueError):
    """An evaluator that cannot be used; `faults` says everything that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(told(self.faults))

    def __reduce__(self) -> tuple[Any, ...]:
        return BadEvaluator, (self.faults,)


class BadSubmission(ValueError):
    """A submission that cannot be run: the entrant's fault, and final.

    Attributes:
        code: stable, for phrases in other languages: "archive", "missing", "install", "compile",
            "image". reason: one English sentence that names the mend. log: what was printed.
    """

    def __init__(self, code: str, reason: str, log: str = "") -> None:
        self.code, self.reason, self.log = code, in_short(reason), printable(log)
        super().__init__(self.reason)

    def __reduce__(self) -> tuple[Any, ...]:
        return BadSubmission, (self.code, self.reason, self.log)


class BadResult(ValueError):
    """Numbers that are no result: the evaluator's fault, never the entrant's."""


class Stopped(Exception):
    """The caller wished the run to end."""


def code_of(error: Exception) -> str:
    """What broke down that is nobody's program: "disk-full", "box" or, for all else, "fault".

    By the words of the system: a box tells what it met in a sentence.
    """
    if any(words in str(error) for words in NO_ROOM):
        return "disk-full"
    return "box" if isinstance(error, BoxFault | BoxMissing) else "fault"

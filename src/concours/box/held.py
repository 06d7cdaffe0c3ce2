"""What every kind of box offers while a program runs in it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from typing import Protocol


class Held(Protocol):
    """A program in its box, from its release to the end of both."""

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process outside whose end is the program's, and whose pipes are the program's."""

    @property
    def scratch(self) -> int:
        """A descriptor of the program's /scratch, which outlives the program."""

    @property
    def layers(self) -> Mapping[str, str]:
        """What shuts it in."""

    def cpu_seconds(self) -> float:
        """Used so far by all in the box, as far as it is known."""

    def peak_bytes(self) -> int:
        """The most memory used by all at a time; 0 where it is not known."""

    def killed_for_memory(self) -> bool:
        """Whether the kernel ended something in the box because memory ran out."""

    def exit_code(self) -> int | None:
        """After the end: as a shell tells it, 128 and the signal where one ended it. None: none."""

    def kill(self) -> None:
        """End everything in the box, and wait until it is gone. Raises BoxFault."""

    def close(self) -> None:
        """Let go of what is held, after `kill`. Raises BoxFault."""

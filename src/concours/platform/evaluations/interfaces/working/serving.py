"""Where the process at a slot's side begins: there alone the engines are loaded."""

from __future__ import annotations

from multiprocessing.connection import Connection


def serve(line: Connection, parallel: int) -> None:
    """As child.serve."""
    from concours.platform.evaluations.interfaces.working import child

    child.serve(line, parallel)

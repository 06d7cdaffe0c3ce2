"""A dataflow in processes of its own, asked step by step."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

from concours.driving.agents import AgentProcess, AgentSpec, Limits

PROCESSES = 64
"""Nodes, what runs them, and their helpers."""
OPEN_FILES = 4096
SHARED_BYTES = 2**30
"""Of memory that nodes share; each that sends images keeps a pool of its own."""

NEEDED = ("dora", "dora_cli", "pyarrow")


class NoDora(ValueError):
    """Dataflows cannot be run on this machine."""


class DoraAgent(AgentProcess):
    """An AgentProcess whose file is a graph of dora nodes.

    The nodes run shut in as any agent does, in the same box: they speak with each other over a
    network of their own, read the graph's folder, and write to a scratch folder. An answer counts
    only for the frame that was asked, and the next frame is sent after it: none is lost.
    """

    def __init__(self, spec: AgentSpec, limits: Limits | None = None) -> None:
        """Raises NoDora where what runs dataflows is not installed."""
        for package in NEEDED:
            if find_spec(package) is None:
                raise NoDora(f"{package} is not installed: pip install 'concours[dora]'")
        super().__init__(spec, dataflow_limits(limits or Limits()))


def dataflow_limits(limits: Limits) -> Limits:
    """The same limits, wide enough for several processes that share memory."""
    return replace(
        limits,
        sockets=True,
        processes=max(limits.processes, PROCESSES),
        open_files=max(limits.open_files, OPEN_FILES),
        file_bytes=max(limits.file_bytes, SHARED_BYTES),
    )

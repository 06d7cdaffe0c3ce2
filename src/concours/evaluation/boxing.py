"""How an evaluation's programs are put in boxes."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import concours
from concours import box
from concours.evaluation.manifest import Allowed
from concours.evaluation.prepared import Prepared

SUBMISSION, INPUT, EXPECTED, OUTPUT, EVALUATOR, SITE, WHEELS = (
    "/submission", "/input", "/expected", "/output", "/evaluator", "/site", "/wheels",
)  # fmt: skip
"""Where things lie in a box."""
REQUIRED = ("limits", "privileges", "calls")
"""Layers of the agent's own process that must be there within the box."""
PYTHONS = ("python", "python3")
FIXED = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
FILE_MB = 256


def limits(allowed: Allowed) -> box.Limits:
    """A manifest's limits as the box has them; a file may be as large as all the disk."""
    return box.Limits(
        wall_seconds=float(allowed.wall_seconds),
        cpu_seconds=allowed.cpu_seconds,
        memory=allowed.memory_mb * 2**20,
        processes=allowed.processes,
        scratch_bytes=allowed.disk_mb * 2**20,
        file_bytes=min(allowed.disk_mb, FILE_MB) * 2**20,
        output_bytes=allowed.output_kb * 1024,
    )


def command(argv: Sequence[str]) -> list[str]:
    """A command with `python` as this interpreter."""
    first = sys.executable if argv[0] in PYTHONS else argv[0]
    return [first, *argv[1:]]


def mounts(folders: Mapping[str, Path | None]) -> list[box.Mount]:
    """Target -> folder or file; None is left out."""
    return [
        box.Mount(source=source, target=target)
        for target, source in folders.items()
        if source is not None
    ]


def around_agent(prepared: Prepared, allowed: Allowed) -> dict[str, Any]:
    """What AgentSpec is told, so that the agent's process runs in a box.

    It sees the submission's folder, the engine's code under the path that it has here, and its
    scratch folder; the limits of the box are those of all its processes together. Raises
    BoxMissing.
    """
    box.strongest()
    package = Path(concours.__file__).resolve().parent
    code = [package / "__init__.py", *sorted(package.glob("jit*.py")), package / "driving"]
    order = box.Order(
        argv=(),
        mounts=[
            *(box.Mount(source=path, target=str(path)) for path in code),
            box.Mount(source=prepared.folder, target=SUBMISSION),
        ],
        limits=limits(allowed),
    )
    shown = f"{SUBMISSION}/{Path(prepared.entry).parent}".removesuffix("/.")
    return {"wrapper": box.prefix(order), "shown": shown}


def agent_layers(isolation: Mapping[str, str]) -> dict[str, str]:
    """How an agent was shut in: by its box, and by what its process did to itself in there.

    What a process cannot do in the box, the box has done around it.
    """
    inner = {
        name: "by the box" if what.startswith("missing") else what
        for name, what in isolation.items()
    }
    return {"box": box.strongest(), **inner}

"""What a slot and the process at its side tell each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

RUN, STOP = "run", "stop"
READY, UNREADY = "ready", "unready"
"""What the process tells before it takes its first order; with why it cannot."""
PATIENCE = "patience"
"""With the seconds that a step of this run may take, of which nothing is told meanwhile."""
BEGUN, CASE, PRINTED, SCORED, FAILED, FAULTED, STOPPED = (
    "begun", "case", "printed", "scored", "failed", "faulted", "stopped",
)  # fmt: skip
EVALUATOR, WORKER = "evaluator", "worker"
"""Whose fault a fault is."""


@dataclass(frozen=True, kw_only=True)
class RunOrder:
    """A run to be made.

    `secret_file` is None where no cases are sealed, and `seed_commitment` then empty. `work` is a
    folder of the slot's own; the run's files are left in `folder` below `artefacts`.
    """

    evaluator_folder: Path
    evaluator_digest: str
    archive: Path
    archive_digest: str
    content_digest: str
    split: str
    seed: int
    secret_file: Path | None
    seed_commitment: str
    work: Path
    artefacts: Path
    folder: str

"""The order of the stages, free of the database and of Django."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

CANDIDATE, PREPARATION, INCUBATING, GRADUATED, ARCHIVED = (
    "candidate", "preparation", "incubating", "graduated", "archived",
)  # fmt: skip
WAY = (CANDIDATE, PREPARATION, INCUBATING, GRADUATED)
"""The stages one after the other; archived is beside them."""
STAGES = (*WAY, ARCHIVED)


def next_after(stage: str) -> str:
    """The stage after `stage` on the way; empty for the last one and for archived."""
    return dict(pairwise(WAY)).get(stage, "")


def before_archive(passed: Sequence[str]) -> str:
    """Of the stages `passed` in order, the last that is not archived; empty where none is."""
    return next((stage for stage in reversed(passed) if stage != ARCHIVED), "")


def skips(from_stage: str, to_stage: str) -> bool:
    """Whether a move leaves a stage of the way out or goes back.

    Entering at whatever stage, and a move into archived or out of it, leaves nothing out.
    """
    if not from_stage or ARCHIVED in {from_stage, to_stage}:
        return False
    return next_after(from_stage) != to_stage

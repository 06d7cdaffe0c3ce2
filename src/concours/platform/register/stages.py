"""The order of the stages, free of the database."""

from __future__ import annotations

from collections.abc import Sequence

from concours.platform.register.enums import Stage

WAY = (Stage.CANDIDATE, Stage.PREPARATION, Stage.INCUBATING, Stage.GRADUATED)
"""The stages one after the other; archived is beside them."""


def next_after(stage: str) -> Stage | None:
    """The stage after `stage` on the way; None for the last one and for archived."""
    values = [one.value for one in WAY]
    if stage not in values or stage == WAY[-1].value:
        return None
    return WAY[values.index(stage) + 1]


def before_archive(passed: Sequence[str]) -> Stage | None:
    """Of the stages `passed` in order, the last that is not archived; None where there is none."""
    for stage in reversed(passed):
        if stage != Stage.ARCHIVED.value:
            return Stage(stage)
    return None


def skips(from_stage: str, to_stage: str) -> bool:
    """Whether a move leaves a stage out: of the way, or into it later than as preparation.

    A register whose first stage is preparation has no candidates; that is no gap. Neither is a
    move into archived nor one out of it.
    """
    if Stage.ARCHIVED.value in {from_stage, to_stage}:
        return False
    if not from_stage:
        return to_stage not in {Stage.CANDIDATE.value, Stage.PREPARATION.value}
    return next_after(from_stage) != to_stage

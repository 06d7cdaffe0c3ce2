"""Where the standard and the players in use differ, which of them is followed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """Choices; the defaults are the standard's, but for an empty start trigger.

    empty_start_fires: a start trigger without groups fires at once. The standard says that it never
        does, which nobody who writes one means; players start.
    overwritten_ends: what another event or a conflicting action pushes aside ends (and an event
        may run again) instead of being stopped for good.
    stopped_ends_parents: when an element is stopped, its children first, a parent all of whose
        children are complete by then ends; the standard stops every one.
    offsets_keep_pace: an entity that changes its offset within the lane keeps its speed along the
        lane, besides the lateral one; else, as in a change of lane, its speed is that along its
        heading. The standard does not say.
    acquired_at_once: AcquirePosition is over when the way is set, not when the place is reached.
    """

    empty_start_fires: bool = True
    overwritten_ends: bool = False
    stopped_ends_parents: bool = False
    offsets_keep_pace: bool = False
    acquired_at_once: bool = False


STANDARD = Conventions(empty_start_fires=False)
DEFAULT = Conventions()
ESMINI = Conventions(
    overwritten_ends=True,
    stopped_ends_parents=True,
    offsets_keep_pace=True,
    acquired_at_once=True,
)

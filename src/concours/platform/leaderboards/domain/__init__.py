"""What happens with leaderboards. Other apps use these functions, never the models."""

from concours.platform.leaderboards.domain.boards import (
    create_board,
    freeze,
    open_board,
    open_columns,
    unfreeze,
)
from concours.platform.leaderboards.domain.choosing import choose_submission
from concours.platform.leaderboards.domain.machine import (
    MachineOrder,
    MachinePoints,
    machine_counts,
    machine_order,
    machine_points,
)
from concours.platform.leaderboards.domain.publishing import (
    publish_due,
    publish_sources,
    results_are_out,
)
from concours.platform.leaderboards.domain.reading import boards_of
from concours.platform.leaderboards.domain.reevaluating import apply, cancel_set, revert, stage
from concours.platform.leaderboards.domain.refreshing import note_withdrawn, refresh, refresh_due
from concours.platform.leaderboards.domain.verifying import Verification, verify_snapshot

__all__ = [
    "MachineOrder",
    "MachinePoints",
    "Verification",
    "apply",
    "boards_of",
    "cancel_set",
    "choose_submission",
    "create_board",
    "freeze",
    "machine_counts",
    "machine_order",
    "machine_points",
    "note_withdrawn",
    "open_board",
    "open_columns",
    "publish_due",
    "publish_sources",
    "refresh",
    "refresh_due",
    "results_are_out",
    "revert",
    "stage",
    "unfreeze",
    "verify_snapshot",
]

"""Run an order in the strongest box that this machine has."""

from __future__ import annotations

import threading
from pathlib import Path

from concours.box import layers, outputs, watching
from concours.box.capture import Watch
from concours.box.order import BoxFault, Ending, Order, Outcome


def run(
    order: Order,
    *,
    collect: Path | None = None,
    stop: threading.Event | None = None,
    watch: Watch | None = None,
) -> Outcome:
    """Run a program in the strongest box of this machine and wait for its end.

    collect: an empty folder into which the plain files of /scratch are copied at the end, within
    limits. stop: once set, the run is ended. watch: called with what the program prints, as it
    comes. Whatever the program does is told in the Outcome, and so is a box that fails. Raises
    BoxMissing, and BadOrder for an order that cannot be carried out.
    """
    if collect is not None:
        outputs.check(collect)
    layers.strongest(image=order.image is not None)
    try:
        return watching.watched(order, collect=collect, stop=stop, watch=watch)
    except BoxFault as fault:
        return Outcome(ending=Ending.BOX_FAULT, exit_code=None, reason=str(fault))

"""Strangers' programs, shut in: run within limits, without network, secrets or a way out.

    outcome = box.run(Order(argv=["/usr/bin/python3", "-c", "print(1)"]))

A library of its own: no Django, no engine. What it defends, and what not, stands in
docs/explanation/box.md.
"""

from concours.box.layers import Layer, examine, strongest
from concours.box.order import (
    SCRATCH,
    WRITABLE,
    BadOrder,
    BoxFault,
    BoxMissing,
    Ending,
    Limits,
    Mount,
    Order,
    Outcome,
    Usage,
)
from concours.box.prefix import prefix
from concours.box.running import run

__all__ = [
    "SCRATCH",
    "WRITABLE",
    "BadOrder",
    "BoxFault",
    "BoxMissing",
    "Ending",
    "Layer",
    "Limits",
    "Mount",
    "Order",
    "Outcome",
    "Usage",
    "examine",
    "prefix",
    "run",
    "strongest",
]

"""Results without an engine: runs from `runs`, judged, with the map that they were driven on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from concours.driving.closedloop import Run
from concours.driving.closedloop.loop import Drive, End, Setting
from concours.driving.results import Driven, Sources, judge, sha256
from tests.factories.runs import drive, eased, moving, other, reasonable, street

LONG = 35.0
"""Seconds of a run, a little more than the way takes."""
HIT_AT = 9.0
"""Seconds at which the ego of `hits` touches what stands in its lane."""


def driven(run: Run, name: str = "one", *, where: bytes | None = None, **more: Any) -> Driven:
    """A run as results hold it: without its network, the map among its sources."""
    where = street() if where is None and run.network is not None else where
    digest = sha256(where) if where else ""
    end = End.FAULT if run.fault else more.pop("end", End.ARRIVED)
    return Driven(
        name=name,
        drive=Drive(run=replace(run, network=None), end=end, **more),
        setting=Setting(seed=5),
        sources=Sources(
            file=f"{name}.xosc",
            scenario="0" * 64,
            map=digest,
            contents={digest: where} if where else {},
        ),
        scores=judge(run),
    )


def well(name: str = "well") -> Driven:
    """Nobody else; a quiet drive to the goal."""
    return driven(reasonable(seconds=LONG), name)


def hits(name: str = "hits", other_name: str = "It") -> Driven:
    """Into one that stands in the lane, and on to the goal through it."""
    standing = other(other_name, moving(0.0, seconds=LONG, x=60.0))
    return driven(
        drive(eased(8.0), seconds=LONG, others=[standing], touches=[(HIT_AT, other_name)]), name
    )


def fails(fault: str, name: str = "fails", **more: Any) -> Driven:
    """Stopped on the way by a fault of its own."""
    return driven(reasonable(fault=fault, seconds=10.0), name, kind="raised", **more)

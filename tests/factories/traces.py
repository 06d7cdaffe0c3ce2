"""Runs without an engine: one of our own, and those that an independent player has left."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np

from concours.driving.scenarios.errors import Place
from concours.driving.scenarios.machine import Kind, Move, Record, State, Unfired
from concours.driving.world.trace import FIELDS, Actor, Light, Touch, Trace

CAR = {"length": 4.6, "width": 1.8, "height": 1.5, "center": (1.4, 0.0, 0.75)}


def car(name: str, **changes: Any) -> Actor:
    """A car of usual size."""
    return Actor(**{"name": name, "kind": "car", **CAR, **changes})


def move(
    time: float,
    path: str,
    kind: Kind,
    *,
    step: Move = Move.START,
    before: State = State.STANDBY,
    after: State = State.RUNNING,
) -> Record:
    """One move of the storyboard, a start where nothing else is said."""
    return Record(time, kind, path.rpartition("::")[2], path, before, step, after)


def storyboard(story: str = "Story") -> tuple[Record, ...]:
    """One act whose event is started at 1 s and ends at 2.5 s; another event is skipped."""
    act, event = f"{story}::Act", f"{story}::Act::Group::Maneuver::Brake"
    ended = {"step": Move.END, "before": State.RUNNING, "after": State.COMPLETE}
    return (
        move(0.0, "", Kind.STORYBOARD),
        move(0.0, story, Kind.STORY),
        move(0.0, act, Kind.ACT, step=Move.READY, before=State.INIT, after=State.STANDBY),
        move(0.5, act, Kind.ACT),
        move(0.5, f"{act}::Group", Kind.GROUP),
        move(0.5, f"{act}::Group::Maneuver", Kind.MANEUVER),
        move(0.5, event, Kind.EVENT, step=Move.READY, before=State.INIT, after=State.STANDBY),
        move(0.7, event, Kind.EVENT, step=Move.SKIP, after=State.STANDBY),
        move(1.0, event, Kind.EVENT),
        move(1.0, f"{event}::Slow", Kind.ACTION),
        move(2.5, f"{event}::Slow", Kind.ACTION, **ended),
        move(2.5, event, Kind.EVENT, **ended),
        move(
            4.0,
            "",
            Kind.STORYBOARD,
            step=Move.STOP,
            before=State.RUNNING,
            after=State.COMPLETE,
        ),
    )


def small(name: str = "Small", *, seconds: float = 4.0, step: float = 0.1, **changes: Any) -> Trace:
    """A car that drives along the x-axis, one in a circle that is there from 1 s to 3 s.

    Both on the map `fork` of tests/driving/roads/maps.py; light 7 turns red, then green.
    """
    times = np.round(np.arange(round(seconds / step) + 1) * step, 6)
    values = np.full((len(times), 2, len(FIELDS)), np.nan)
    zero = np.zeros_like(times)
    speed = 10.0 + 2.0 * np.sin(times)
    x = 10.0 * times - 2.0 * np.cos(times) + 2.0
    columns = [x, zero - 1.75, zero, zero, zero, zero, speed, 2.0 * np.cos(times)]
    values[:, 0] = np.stack([*columns, zero, zero - 1, x, zero], axis=1)
    turn = 0.8 * times
    place = [30 + 8 * np.cos(turn), 14 + 8 * np.sin(turn), zero, turn + math.pi / 2, zero, zero]
    circle = np.stack([*place, zero + 6.4, zero, zero - 1, zero, zero + np.nan, zero], axis=1)
    there = (times >= 1.0) & (times <= 3.0)
    values[there, 1] = circle[there]
    given: dict[str, Any] = {
        "name": name,
        "step": step,
        "end": "storyboard",
        "actors": (car("Ego"), car("Other", kind="bicycle", length=1.8, width=0.6)),
        "times": times,
        "values": values,
        "record": storyboard(),
        "unfired": (Unfired("Story::Act", "stop", Place("small.xosc", 12)),),
        "touches": (Touch(2.0, 0, 1),),
        "lights": (Light(0.0, "7", "on;off;off"), Light(2.2, "7", "off;off;on")),
        "road_ids": ("1", "2"),
        "notes": ("the weather is not drawn",),
    }
    return Trace(**{**given, **changes})


def crowd(*, actors: int, rows: int, step: float = 0.05) -> Trace:
    """Cars that drive in circles of different sizes, each with a steady beat in its speed."""
    times = np.arange(rows) * step
    number = np.arange(actors)[None, :]
    turn = times[:, None] * 0.15 + number
    radius = 30.0 + 12.0 * number
    speed = 0.15 * radius * (1 + 0.1 * np.sin(times[:, None] + number))
    values = np.zeros((rows, actors, len(FIELDS)))
    for name, column in {
        "x": radius * np.cos(turn),
        "y": radius * np.sin(turn),
        "heading": np.mod(turn + math.pi / 2 + math.pi, 2 * math.pi) - math.pi,
        "speed": speed,
        "acceleration": np.gradient(speed, step, axis=0),
        "lane": np.full_like(turn, -1.0),
        "s": radius * turn,
    }.items():
        values[:, :, FIELDS.index(name)] = column
    return Trace(
        name="Crowd",
        step=step,
        end="time",
        actors=tuple(car(f"Car {each}") for each in range(actors)),
        times=times,
        values=values,
        road_ids=("1",),
    )


def read(path: Path, *, actors: tuple[Actor, ...] = (), **more: Any) -> Trace:
    """The trace of a file with columns time, name, x, y, z, heading, speed, road, lane, offset, s.

    actors: those whose size is known; the others are cars. The acceleration is worked out.
    """
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    names = list(dict.fromkeys(row["name"] for row in rows))
    roads = tuple(dict.fromkeys(row["road"] for row in rows))
    times = sorted({float(row["time"]) for row in rows})
    at = {time: number for number, time in enumerate(times)}
    values = np.full((len(times), len(names), len(FIELDS)), np.nan)
    for row in rows:
        cells = {name: float(row.get(name) or 0.0) for name in FIELDS if name != "road"}
        cells["road"] = float(roads.index(row["road"]))
        values[at[float(row["time"])], names.index(row["name"])] = [cells[f] for f in FIELDS]
    speed = values[:, :, FIELDS.index("speed")]
    values[:, :, FIELDS.index("acceleration")] = np.gradient(speed, np.array(times), axis=0)
    known = {actor.name: actor for actor in actors}
    return Trace(
        name=path.stem.replace("_", " "),
        step=round(float(np.median(np.diff(times))), 6),
        end="storyboard",
        actors=tuple(known.get(name) or car(name) for name in names),
        times=np.array(times),
        values=values,
        road_ids=roads,
        **more,
    )

"""The overpass: a four-lane ring road 6 m above a street, joined to it by two ramps.

Traffic of the ring road to the east leaves by the western ramp and enters by the eastern one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from concours.driving.challenge.maps.crossings import Arm, Turn, lights, meet
from concours.driving.challenge.maps.lines import Line, Piece, Spot, bend, end_of
from concours.driving.challenge.maps.parts import Lane, Map, Mark, Road, Section, constant, smooth
from concours.driving.challenge.maps.streets import LANE, street

RING_WEST, BRIDGE, RING_EAST, STREET_NORTH, STREET_SOUTH, EXIT_RAMP, ENTRY_RAMP = range(1, 8)
DIVERGE, MERGE, CROSSROADS = 30, 31, 32
HEIGHT = 6.0
CLIMB = 140.0
"""Metres in which the ring road rises to its height."""
LENGTH = 240.0
SIDE_LANE, TAPER = 50.0, 40.0
"""Metres of the exit and the entry lane, and in which they open and close."""
RAMP_WIDTH, SHOULDER = 4.0, 1.5
NOSE = -8.05
"""y at which the ramps' left borders leave the ring road."""
CROSS = 18.0


def overpass() -> Map:
    """The map of the overpass."""
    plan = Map(name="overpass")
    ramp = (bend(60.0, -24.0), Line(79.0), bend(60.0, 30.0), Line(20.0))
    top = Spot(-160.0, NOSE, math.radians(-6.0))
    foot = end_of(top, ramp)
    middle = foot.y
    plan.roads += [
        _ring(RING_WEST, "west", Spot(-420, 0, 0), LENGTH),
        _ring(BRIDGE, "bridge", Spot(-160, 0, 0), 320.0),
        _ring(RING_EAST, "east", Spot(180, 0, 0), LENGTH),
        street(
            STREET_NORTH, "Cross Street", Spot(0, middle + CROSS, math.pi / 2), [Line(200.0)],
            open_end=True,
        ),
        street(
            STREET_SOUTH, "Cross Street", Spot(0, middle - CROSS, -math.pi / 2), [Line(150.0)],
            open_end=True,
        ),
        _ramp(EXIT_RAMP, "Exit ramp", top, ramp, HEIGHT, 0.0),
        _ramp(ENTRY_RAMP, "Entry ramp", Spot(-foot.x, foot.y, 0.0), ramp[::-1], 0.0, HEIGHT),
    ]  # fmt: skip

    def arm(number: int, contact: str = "start") -> Arm:
        return Arm(plan.road(number), contact)

    west, bridge, east = arm(RING_WEST, "end"), arm(BRIDGE), arm(RING_EAST)
    leaves, enters = arm(EXIT_RAMP), arm(ENTRY_RAMP, "end")
    back = [Turn(1, 0, 0, 0), Turn(1, 1, 0, 1, edge=True)]
    through = [Turn(0, 0, 1, 0), Turn(0, 1, 1, 1)]
    off = Turn(0, 0, 2, 0, edge=True, kinds=("exit", "driving"))
    on = Turn(2, 0, 1, 0, edge=True, kinds=("driving", "entry"))
    meet(plan, DIVERGE, "diverge", [west, bridge, leaves], [*through, *back, off])
    meet(plan, MERGE, "merge", [arm(BRIDGE, "end"), east, enters], [*through, *back, on])
    north, south = arm(STREET_NORTH), arm(STREET_SOUTH)
    foot_in, foot_out = arm(EXIT_RAMP, "end"), arm(ENTRY_RAMP)
    crossroads = meet(plan, CROSSROADS, "crossroads", [north, south, foot_in, foot_out])
    lights(plan, crossroads, [[north, south], [foot_in]])
    return plan


def _ring(number: int, part: str, start: Spot, length: float) -> Road:
    plain = [Section(s=0.0, left=_side(), right=_side(), centre=_double())]
    level = ((0.0, HEIGHT, 0.0, 0.0, 0.0),)
    rise = ((0.0, *smooth(0.0, HEIGHT, CLIMB)), (CLIMB, HEIGHT, 0.0, 0.0, 0.0))
    fall = (
        (0.0, HEIGHT, 0.0, 0.0, 0.0),
        (LENGTH - CLIMB, *smooth(HEIGHT, 0.0, CLIMB)),
    )
    opens, full = LENGTH - SIDE_LANE - TAPER, LENGTH - SIDE_LANE
    widening, wide = smooth(0.0, LANE, TAPER), constant(LANE)
    narrowing = smooth(LANE, 0.0, TAPER)
    if part == "west":
        sections = [*plain, _more(opens, "exit", widening), _more(full, "exit", wide)]
    elif part == "east":
        done = SIDE_LANE + TAPER
        last = Section(s=done, left=_side(), right=_side(), centre=_double())
        sections = [_more(0.0, "entry", wide), _more(SIDE_LANE, "entry", narrowing), last]
    else:
        sections = plain
    return Road(
        id=number,
        name="Ring Road",
        start=start,
        pieces=(Line(length),),
        sections=tuple(sections),
        speed=60,
        elevation={"west": rise, "east": fall}.get(part, level),
    )


def _side(extra: Sequence[Lane] = ()) -> tuple[Lane, ...]:
    lane_line = (Mark(0.0, "broken", change="both"),)
    edge = lane_line if extra else (Mark(0.0, "solid", change="none"),)
    return (
        Lane(type="driving", width=constant(LANE), marks=lane_line),
        Lane(type="driving", width=constant(LANE), marks=edge),
        *extra,
        Lane(type="shoulder", width=constant(SHOULDER)),
    )


def _double() -> tuple[Mark, ...]:
    return (Mark(0.0, "solid solid", "yellow", "none"),)


def _more(s: float, kind: str, width: tuple[float, float, float, float]) -> Section:
    """A section with an exit or entry lane to the east."""
    lane = Lane(type=kind, width=width, marks=(Mark(0.0, "solid", change="none"),))
    return Section(s=s, left=_side(), right=_side([lane]), centre=_double())


def _ramp(
    number: int, name: str, start: Spot, pieces: Sequence[Piece], low: float, high: float
) -> Road:
    """A ramp of one lane; level for 10 m at both ends."""
    edge = (Mark(0.0, "solid", change="none"),)
    lanes = (
        Lane(type="driving", width=constant(RAMP_WIDTH), marks=edge),
        Lane(type="shoulder", width=constant(SHOULDER)),
    )
    slope = sum(piece.length for piece in pieces) - 20.0
    return Road(
        id=number,
        name=name,
        start=start,
        pieces=tuple(pieces),
        sections=(Section(s=0.0, left=(), right=lanes, centre=edge),),
        speed=40,
        elevation=(
            (0.0, low, 0.0, 0.0, 0.0),
            (10.0, *smooth(low, high, slope)),
            (10.0 + slope, high, 0.0, 0.0, 0.0),
        ),
    )

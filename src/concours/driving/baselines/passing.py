"""Passing what stands in the lane: on the lane beside, where the line and others allow it."""

import math
from typing import NamedTuple

import numpy as np
from minding import HALF_WIDTH
from predicting import STANDS, THING

SIGHT = 45.0
"""Metres ahead in which something is thought of passing."""
RAMPS = (15.0, 11.0, 8.0)
"""Metres over which the lane is left, and those over which it is taken again."""
BEFORE, BEHIND = 5.0, 3.5
"""Metres that are driven beside before and behind it (from the middle of the vehicle)."""
ROOM = 0.9
"""Metres to what is passed."""
PATIENCE = 6.0
"""Seconds that a vehicle has to stand before it is passed."""
CHAIN = 14.0
"""Metres between things that are passed in one go."""
SPEED = 5.0
"""m/s at which it is reckoned to be done."""


class Detour(NamedTuple):
    """From `begin` to `end` (metres of the way), `shift` metres to the left in between."""

    begin: float
    low: float
    high: float
    end: float
    shift: float

    @property
    def over_the_line(self):
        """(from, to) metres in which it is not in the own lane alone."""
        out, back = 0.25 * (self.low - self.begin), 0.25 * (self.end - self.high)
        return self.begin + out, self.end - back

    def aside(self, metres):
        """How far to the left it is there: half a cosine out, half a cosine back."""
        out = np.clip((metres - self.begin) / max(self.low - self.begin, 1.0), 0.0, 1.0)
        back = np.clip((self.end - metres) / max(self.end - self.high, 1.0), 0.0, 1.0)
        return self.shift * (0.5 - 0.5 * np.cos(math.pi * np.minimum(out, back)))


class Block(NamedTuple):
    """What stands in the way: metres along from and to, its sides to the left."""

    low: float
    high: float
    right: float
    left: float
    things: bool
    stood: float


def find_block(tracks, line, time, metres):
    """The nearest things and vehicles that stand in the lane ahead; None where none do."""
    found = []
    for track in tracks:
        if abs(track.speed) >= STANDS or track.person:
            continue
        along, left, heading = track.beside(line)
        turned = abs(math.cos(track.heading - heading))
        half = (track.size[0] * turned + track.size[1] * math.sqrt(1 - turned**2)) / 2
        wide = (track.size[1] * turned + track.size[0] * math.sqrt(1 - turned**2)) / 2
        if abs(left) - wide < HALF_WIDTH + 0.3 and -half < along - metres < SIGHT + 20:
            thing = track.kind == THING
            found.append(Block(along - half, along + half, left - wide, left + wide,
                               thing, track.stood(time)))  # fmt: skip
    found.sort()
    if not found or found[0].low > metres + SIGHT:
        return None
    block = found[0]
    for other in found[1:]:
        if other.low - block.high < CHAIN:
            block = Block(block.low, max(block.high, other.high), min(block.right, other.right),
                          max(block.left, other.left), block.things or other.things,
                          min(block.stood, other.stood))  # fmt: skip
    return block


def around(block, metres, left, ramp):
    """The detour on one side; None where it is too near for one."""
    low, high = block.low - BEFORE, block.high + BEHIND
    begin = max(low - ramp, metres + 0.5)
    if low - begin < RAMPS[-1]:
        return None
    shift = block.left + HALF_WIDTH + ROOM if left else block.right - HALF_WIDTH - ROOM
    return Detour(begin, low, high, high + ramp, shift)


def longer(detour, block):
    """The detour, kept up past what stands shortly behind its end."""
    if block is None or block.low > detour.end + 2 * RAMPS[0]:
        return detour
    high = max(detour.high, block.high + BEHIND)
    return detour._replace(high=high, end=high + detour.end - detour.high)


def is_free(detour, tracks, line, metres, speed):
    """Whether nobody comes there while it is driven."""
    seconds = (detour.end - metres) / max(SPEED, speed) + 2.0
    for track in tracks:
        along, left, heading = track.beside(line)
        pace = track.speed * math.cos(track.heading - heading)
        if abs(track.speed) <= STANDS:
            aside = float(detour.aside(np.array(along)))
            close = abs(left - aside) < track.size[1] / 2 + HALF_WIDTH + 0.3
            if close and detour.begin < along < detour.end + 5 and not track.person:
                return False
        elif abs(left - detour.shift) < 2.3 and not track.person:
            gap = along - metres
            comes = pace < 0 and gap > -5 and along + (pace - 2.0) * seconds < detour.end
            follows = pace > 0 and gap < 6 and gap + (pace - speed + 1) * 4 > -8
            if comes or follows:
                return False
    return True

"""Changes of lane of background traffic: MOBIL.

"Minimizing overall braking induced by lane changes" (Kesting, Treiber and Helbing, Transportation
Research Record 1999, 2007): change where the follower there would not have to brake hard, and where
what one gains outweighs a share of what the new follower loses, by a threshold.
"""

from __future__ import annotations

import math

from concours.driving.jit import inner
from concours.driving.roads.tables import LANE_ID, LANE_TYPE, LANES, Tables
from concours.driving.world.kernels.driver import COMFORT, idm
from concours.driving.world.kernels.ways import middle_of
from concours.driving.world.layout import (
    BACK,
    BY_TIME,
    CHANGES_LANES,
    DRIVE,
    FRONT,
    HEADWAY,
    IN_SCENE,
    KEEP_LANE,
    KEEPS_PACE,
    LANE,
    OFFSET,
    ROAD,
    SECTION,
    SHIFT,
    SIDE_AT,
    SIDE_BY,
    SIDE_EXTENT,
    SIDE_FROM,
    SIDE_MODE,
    SIDE_SHAPE,
    SIDE_TO,
    SINUSOIDAL,
    SPEED,
    SPEED_MODE,
    STANDOFF,
    TOP_GAIN,
    WAY,
    WISH,
    S,
    Scene,
)

EVERY = 50
"""Steps between two looks of one driver; drivers take turns."""
POLITENESS, THRESHOLD, SAFE = 0.3, 0.2, 4.0
"""Share of the other's loss; m/s2 of gain that a change is worth; m/s2 that it may cost another."""
SECONDS = 3.0
"""How long a change takes."""
AHEAD = 40.0
"""Metres before the end of a section in which nobody changes."""
APART = 2.0
"""Free metres to those in the other lane."""


@inner
def _acceleration(scene: Scene, n: int, leader: int, gap: float) -> float:
    """By the intelligent driver model, behind a leader (-1 for none)."""
    f = scene.f
    closing = f[n, SPEED] - f[leader, SPEED] if leader >= 0 else 0.0
    limits = (min(f[n, TOP_GAIN], 3.0), COMFORT, f[n, HEADWAY], f[n, STANDOFF])
    return idm(f[n, SPEED], f[n, WISH], gap if leader >= 0 else math.inf, closing, limits)


@inner
def _neighbours(tables: Tables, scene: Scene, n: int, lane: int) -> tuple[int, float, int, float]:
    """In a lane of the entity's own section: leader, free metres to it, follower, free metres."""
    f, i = scene.f, scene.i
    leader, ahead, follower, behind = -1, math.inf, -1, math.inf
    for other in range(len(i)):
        if other == n or not i[other, IN_SCENE] or i[other, ROAD] != i[n, ROAD]:
            continue
        if tables.lanes[i[other, LANE], LANE_ID] != tables.lanes[lane, LANE_ID]:
            continue
        way = (f[other, S] - f[n, S]) * i[n, WAY]
        if way >= 0.0 and way - f[n, FRONT] + f[other, BACK] < ahead:
            leader, ahead = other, way - f[n, FRONT] + f[other, BACK]
        elif way < 0.0 and f[n, BACK] - f[other, FRONT] - way < behind:
            follower, behind = other, f[n, BACK] - f[other, FRONT] - way
    return leader, ahead, follower, behind


@inner
def _gain(tables: Tables, scene: Scene, n: int, lane: int) -> float:
    """What a change to a lane is worth (m/s2); -inf where it is not safe."""
    own_leader, own_ahead, _, _ = _neighbours(tables, scene, n, scene.i[n, LANE])
    leader, ahead, follower, behind = _neighbours(tables, scene, n, lane)
    if ahead < APART or behind < APART:
        return -math.inf
    gain = _acceleration(scene, n, leader, ahead) - _acceleration(scene, n, own_leader, own_ahead)
    if follower < 0 or scene.i[follower, SPEED_MODE] != DRIVE:
        return gain if behind > scene.f[n, SPEED] else -math.inf
    length = scene.f[n, FRONT] - scene.f[n, BACK]
    after = _acceleration(scene, follower, n, behind)
    before = _acceleration(scene, follower, leader, ahead + behind + length)
    if after < -SAFE:
        return -math.inf
    return gain + POLITENESS * (after - before)


@inner
def overtake(tables: Tables, scene: Scene, n: int, step: int) -> None:
    """Once in EVERY steps, begin a change of lane where it is worth it.

    Complexity: O(n) a look.
    """
    f, i = scene.f, scene.i
    if not i[n, CHANGES_LANES] or (step + n) % EVERY or i[n, SIDE_MODE] != KEEP_LANE:
        return
    if i[n, SPEED_MODE] != DRIVE or i[n, ROAD] < 0:
        return
    section, own = i[n, SECTION], i[n, LANE]
    end = tables.section_s[section, 1 if i[n, WAY] > 0 else 0]
    if (end - f[n, S]) * i[n, WAY] < AHEAD:
        return
    best, chosen = THRESHOLD, -1
    for lane in (own - 1, own + 1):
        if lane < tables.sections[section, LANES] or lane >= tables.sections[section, LANES + 1]:
            continue
        same_side = tables.lanes[lane, LANE_ID] * tables.lanes[own, LANE_ID] > 0
        if not same_side or tables.lanes[lane, LANE_TYPE] != tables.lanes[own, LANE_TYPE]:
            continue
        gain = _gain(tables, scene, n, lane)
        if gain > best:
            best, chosen = gain, lane
    if chosen >= 0:
        _begin(tables, scene, n, chosen)


@inner
def _begin(tables: Tables, scene: Scene, n: int, lane: int) -> None:
    """Set out for the middle of another lane of the section."""
    f, i = scene.f, scene.i
    here, _ = middle_of(tables, i[n, ROAD], i[n, SECTION], i[n, LANE], f[n, S])
    there, _ = middle_of(tables, i[n, ROAD], i[n, SECTION], lane, f[n, S])
    f[n, OFFSET] += (here - there) * i[n, WAY]
    i[n, LANE] = lane
    f[n, SIDE_FROM], f[n, SIDE_TO] = f[n, OFFSET], 0.0
    f[n, SIDE_EXTENT], f[n, SIDE_AT] = SECONDS, 0.0
    i[n, SIDE_SHAPE], i[n, SIDE_BY], i[n, KEEPS_PACE] = SINUSOIDAL, BY_TIME, 0
    i[n, SIDE_MODE] = SHIFT

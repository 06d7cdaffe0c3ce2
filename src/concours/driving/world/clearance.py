"""Whether the lanes beside an entity are free (RelativeClearanceCondition, 1.2)."""

from __future__ import annotations

from collections.abc import Iterable

from concours.driving.scenarios import conditions as c
from concours.driving.world import layout as at
from concours.driving.world.beside import lanes_to
from concours.driving.world.placing import Placer


def clear(condition: c.RelativeClearanceCondition, row: int, placer: Placer) -> float | None:
    """1.0 where nobody is in the lanes and distances asked for; None off the roads.

    Complexity: linear in the entities.
    """
    stage = placer.stage
    if stage.scene.i[row, at.ROAD] < 0:
        return None
    return float(not any(_in_the_way(condition, row, other, placer) for other in
                         _others(condition, row, placer)))  # fmt: skip


def _others(condition: c.RelativeClearanceCondition, row: int, placer: Placer) -> Iterable[int]:
    stage = placer.stage
    named = [stage.rows[ref.entity_ref] for ref in condition.entities]
    rows = named or range(len(stage.names))
    return (other for other in rows if other != row and stage.scene.i[other, at.IN_SCENE])


def _in_the_way(
    condition: c.RelativeClearanceCondition, row: int, other: int, placer: Placer
) -> bool:
    f, i = placer.stage.scene.f, placer.stage.scene.i
    if i[other, at.ROAD] < 0:
        return False
    found = lanes_to(placer.stage, row, other, (placer.lane_id(row), placer.lane_id(other)))
    if found is None:
        return False
    lanes, ahead, same_way = found
    if not same_way and not condition.opposite_lanes:
        return False
    if condition.free_space:
        room = (f[row, at.FRONT] - f[other, at.BACK], f[other, at.FRONT] - f[row, at.BACK])
        ahead = (
            ahead - min(ahead, float(room[0])) if ahead > 0 else min(ahead + float(room[1]), 0.0)
        )
    if not -condition.distance_backward <= ahead <= condition.distance_forward:
        return False
    if not condition.lanes:
        return True
    return any(
        (one.first is None or lanes >= one.first) and (one.last is None or lanes <= one.last)
        for one in condition.lanes
    )

"""Traffic that is not written down one by one: sources, sinks, swarms, areas."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from concours.driving.keyed import uniform
from concours.driving.scenarios import traffic as t
from concours.driving.scenarios.entities import ScenarioObject
from concours.driving.scenarios.machine import Running
from concours.driving.scenarios.walking import element_name
from concours.driving.world import layout as at
from concours.driving.world.bodies import Body, body_of, standard_box
from concours.driving.world.drivers import Drivers
from concours.driving.world.geography import NoProjection
from concours.driving.world.handles import EndlessHandle
from concours.driving.world.kernels.setting import BY_LANE, settle
from concours.driving.world.lights import can_stop
from concours.driving.world.places import NoPlace
from concours.driving.world.placing import Placer
from concours.driving.world.spots import Spots

T = TypeVar("T")
TRIES = 12
"""Spots that are tried for one newcomer."""
ROOM = 8.0
"""Metres between reference points, besides a second's way, that a newcomer needs."""
MOST = 5000
"""Entities in one run."""
SPEED = 13.9
"""m/s where nothing says how fast: 50 km/h."""
_LIMITS = (55.0, 3.0, 8.0)


@dataclass(slots=True)
class Stream:
    """One traffic action under way.

    first: the number of its first newcomer: the same name may have been stopped before.
    born: how many have come from it; rows: those of them in the scene. gone: how many a sink took.
    """

    name: str
    action: t.TrafficSourceAction | t.TrafficSinkAction | t.TrafficSwarmAction | t.TrafficAreaAction
    began: float
    first: int = 0
    born: int = 0
    gone: int = 0
    rows: list[int] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Of the next newcomer."""
        return self.first + self.born


class Traffic:
    """All traffic of a run. Everything drawn is a function of (seed, name, number)."""

    def __init__(
        self, placer: Placer, drivers: Drivers, *, seed: int, note: Callable[[str], None]
    ) -> None:
        self._placer = placer
        self._stage = placer.stage
        self._drivers = drivers
        self._seed = seed
        self._note = note
        self._spots: Spots | None = None
        self._numbers: dict[str, int] = {}
        self.streams: dict[str, Stream] = {}

    def start(self, action: t.TrafficAction, now: float = 0.0) -> Running | None:
        """Begin or stop traffic; newcomers enter from the next tick on, when all are in place.

        Raises NoPlace without a map.
        """
        name = action.traffic_name or f"traffic {len(self.streams) + 1}"
        if isinstance(action.action, t.TrafficStopAction):
            self.streams.pop(action.traffic_name, None)
            return None
        if self._stage.network is None:
            raise NoPlace("traffic needs a map, and there is none")
        self._spots = self._spots or Spots(self._stage.network)
        self.streams[name] = Stream(name, action.action, now, first=self._numbers.get(name, 0))
        return EndlessHandle(lambda: self._stop(name))

    def _stop(self, name: str) -> None:
        self.streams.pop(name, None)

    def tick(self, now: float) -> None:
        """Let newcomers in and take leavers out, at most once a control step."""
        for stream in tuple(self.streams.values()):
            try:
                self._flow(stream, now)
            except (NoPlace, NoProjection) as error:  # a place may be lost, and found, on the way
                self._note(f"{stream.action.place}: <{element_name(stream.action)}>: {error}")

    def _flow(self, stream: Stream, now: float) -> None:
        match stream.action:
            case t.TrafficSourceAction():
                self._source(stream, stream.action, now)
            case t.TrafficSinkAction():
                self._sink(stream, stream.action, now)
            case t.TrafficSwarmAction():
                self._swarm(stream, stream.action)
            case t.TrafficAreaAction():
                self._area(stream, stream.action)

    def _source(self, stream: Stream, action: t.TrafficSourceAction, now: float) -> None:
        due = math.floor((now - stream.began) * action.rate + 1e-9) + 1
        if due <= stream.born or self._spots is None:
            return
        place = self._placer.place(action.position)
        inside = self._spots.within(place.x, place.y, action.radius)
        while stream.born < due:
            if not self._enter(stream, inside, action.speed, action):
                break

    def _sink(self, stream: Stream, action: t.TrafficSinkAction, now: float) -> None:
        place = self._placer.place(action.position)
        due = math.inf
        if action.rate is not None:
            due = math.floor((now - stream.began) * action.rate + 1e-9) + 1
        for other in self.streams.values():
            for row in tuple(other.rows):
                f = self._stage.scene.f[row]
                away = math.hypot(f[at.X] - place.x, f[at.Y] - place.y)
                if away <= action.radius and stream.gone < due:
                    self._leave(other, row)
                    stream.gone += 1

    def _swarm(self, stream: Stream, action: t.TrafficSwarmAction) -> None:
        center = self._stage.row(action.central.entity_ref)
        if not self._stage.scene.i[center, at.IN_SCENE]:
            return
        f = self._stage.scene.f[center]
        x = float(f[at.X] + action.offset * math.cos(f[at.HEADING]))
        y = float(f[at.Y] + action.offset * math.sin(f[at.HEADING]))
        heading = float(f[at.HEADING])
        axes = (action.semi_major_axis, action.semi_minor_axis)
        for row in tuple(stream.rows):
            g = self._stage.scene.f[row]
            if _in_ellipse(float(g[at.X]) - x, float(g[at.Y]) - y, heading, axes) > 1.0:
                self._leave(stream, row)
        if len(stream.rows) >= action.number_of_vehicles or self._spots is None:
            return
        spots = self._spots.within(x, y, max(axes))
        inside = [
            spot
            for spot in spots.tolist()
            if _in_ellipse(*self._spots.away(spot, x, y), heading, axes) <= 1.0
            and math.hypot(*self._spots.away(spot, x, y)) >= action.inner_radius
        ]
        speed = action.velocity
        while len(stream.rows) < action.number_of_vehicles:
            if action.initial_speed is not None:
                low, high = action.initial_speed.lower_limit, action.initial_speed.upper_limit
                speed = low + (high - low) * uniform(self._seed, f"{stream.name} v", stream.number)
            if not self._enter(stream, inside, speed, action):
                break

    def _area(self, stream: Stream, action: t.TrafficAreaAction) -> None:
        if self._spots is None or (stream.born and not action.continuous):
            return
        inside = self._inside(action.area)
        wanted = action.number_of_entities
        kept = set(inside.tolist())
        for row in tuple(stream.rows):
            f = self._stage.scene.f[row]
            near = self._spots.within(float(f[at.X]), float(f[at.Y]), 12.0)
            if not kept.intersection(near.tolist()):
                self._leave(stream, row)
        while len(stream.rows) < wanted:
            if not self._enter(stream, inside, None, action):
                break

    def _inside(self, area: t.TrafficArea) -> npt.NDArray[np.int64]:
        """Numbers of the spots in an area. Raises NoPlace."""
        if self._spots is None:
            return np.zeros(0, dtype=np.int64)
        if area.polygon is not None:
            corners = [self._placer.place(position) for position in area.polygon.positions]
            return self._spots.in_polygon([(place.x, place.y) for place in corners])
        ranges = [
            (cursor.road_id, cursor.s, [lane.id for lane in cursor.lanes])
            for each in area.ranges
            for cursor in each.cursors
        ]
        return self._spots.on_roads(ranges)

    def _enter(
        self,
        stream: Stream,
        spots: Sequence[int] | npt.NDArray[np.int64],
        speed: float | None,
        action: object,
    ) -> bool:
        """One more entity on a free spot; False where none was found or the scene is full."""
        if self._spots is None or not len(spots) or len(self._stage.names) >= MOST:
            return False
        for turn in range(TRIES):
            number = stream.number * TRIES + turn
            coin = uniform(self._seed, f"{stream.name} spot", number)
            spot = int(spots[int(coin * len(spots))])
            wish = speed if speed is not None else self._spots.limit(spot, SPEED)
            if self._is_free(spot, wish):
                self._place(stream, spot, wish, self._body(stream, action))
                return True
        return False

    def _is_free(self, spot: int, speed: float) -> bool:
        if self._spots is None:
            return False
        scene = self._stage.scene
        here = scene.i[:, at.IN_SCENE] > 0
        x, y = self._spots.xy[spot].tolist()
        away = np.hypot(scene.f[here, at.X] - x, scene.f[here, at.Y] - y)
        if not (away > ROOM + speed).all():
            return False
        _, lane, _, way = self._spots.where[spot].tolist()
        return can_stop(scene.stops, lane, float(self._spots.s[spot]), way, speed)

    def _place(self, stream: Stream, spot: int, speed: float, body: Body) -> None:
        if self._spots is None:
            return
        name = f"{stream.name}#{stream.number}"
        while name in self._stage.rows:
            name += "#"
        stream.born += 1
        self._numbers[stream.name] = stream.number
        self._stage.add([(name, body)])
        row = self._stage.row(name)
        road, lane, section, way = self._spots.where[spot].tolist()
        i, f = self._stage.scene.i[row], self._stage.scene.f[row]
        i[at.ROAD], i[at.LANE], i[at.SECTION], i[at.WAY] = road, lane, section, way
        i[at.IN_SCENE], i[at.SIDE_MODE], f[at.S] = 1, at.KEEP_LANE, self._spots.s[spot]
        f[at.SPEED] = speed
        settle(self._stage.tables, self._stage.finder, self._stage.scene, row, BY_LANE)
        self._drivers.follow(row, wish=speed, gap=1.5)
        self._drivers.trust(row, lanes=True, lights=body.kind == at.VEHICLE)
        stream.rows.append(row)

    def _leave(self, stream: Stream, row: int) -> None:
        stream.rows.remove(row)
        self._stage.scene.i[row, at.IN_SCENE] = 0

    def _body(self, stream: Stream, action: object) -> Body:
        """A body drawn by the weights that the action gives."""
        coin = uniform(self._seed, f"{stream.name} kind", stream.number)
        distribution = getattr(action, "distribution", None)
        if distribution is not None:
            templates = [
                (kind.weight * entry.weight, entry.template)
                for kind in distribution.entries
                for entry in kind.entities.entries
            ]
            template = _drawn(templates, coin)
            if template is not None:
                return body_of(ScenarioObject(name="", entity=template.entity))
        definition = getattr(action, "definition", None)
        categories = definition.categories if definition is not None else None
        entries = (
            [(each.weight, str(each.category)) for each in categories.entries] if categories else []
        )
        category = _drawn(entries, coin) or "car"
        return Body(kind=at.VEHICLE, category=category, box=standard_box(category), limits=_LIMITS)


def _drawn(entries: Sequence[tuple[float, T]], coin: float) -> T | None:
    """The entry in whose share of the weights the coin falls."""
    total = sum(max(weight, 0.0) for weight, _ in entries)
    for weight, value in entries:
        coin -= max(weight, 0.0) / total if total > 0 else 0.0
        if coin < 0:
            return value
    return entries[-1][1] if entries else None


def _in_ellipse(dx: float, dy: float, heading: float, axes: tuple[float, float]) -> float:
    """At most 1 inside an ellipse whose major axis lies along the heading."""
    along = dx * math.cos(heading) + dy * math.sin(heading)
    across = dy * math.cos(heading) - dx * math.sin(heading)
    return (along / max(axes[0], 1e-9)) ** 2 + (across / max(axes[1], 1e-9)) ** 2

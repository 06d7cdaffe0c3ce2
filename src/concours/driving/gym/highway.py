"""A motorway with traffic, made anew for each seed."""

from __future__ import annotations

import tempfile
from pathlib import Path

from concours.driving import roads
from concours.driving.gym.scenes import Scene
from concours.driving.keyed import uniform
from concours.driving.scenarios import load

WIDTH = 4.0
"""Metres of a lane."""
FASTEST = 30.0
"""m/s: the speed limit."""
SLOW, FAST = 21.0, 24.0
"""m/s between which the speeds lie that other drivers wish."""
LEAST, SPREAD = 0.9, 0.2
"""Share of the mean spacing that is kept at least, and how far chance adds to it."""
EGO_AT, GOAL_AFTER = 50.0, 1500.0
"""Metres along the road where the ego starts, and from there to its goal."""
LEAST_SPACING = 10.0
"""Metres: two in one lane must not touch at the start."""
LENGTH = 6000.0

_MAP = """<OpenDRIVE><header revMajor="1" revMinor="7" name="motorway"/>
<road id="1" name="" length="{length}" junction="-1"><type s="0" type="motorway">
<speed max="{limit}" unit="m/s"/></type><planView><geometry s="0" x="0" y="0" hdg="0"
 length="{length}"><line/></geometry></planView><elevationProfile/><lateralProfile/><lanes>
<laneSection s="0"><center><lane id="0" type="none"/></center><right>{lanes}</right></laneSection>
</lanes></road></OpenDRIVE>"""
_LANE = """<lane id="{lane}" type="driving"><width sOffset="0" a="{width}" b="0" c="0" d="0"/>
</lane>"""
_FILE = """<OpenSCENARIO><FileHeader revMajor="1" revMinor="2" date="2023-01-01T00:00:00"
 description="a motorway with traffic" author="Concours"/><CatalogLocations/><RoadNetwork/>
<Entities>{entities}</Entities><Storyboard><Init><Actions>{init}</Actions></Init><Story name="s">
<Act name="a"><ManeuverGroup name="g" maximumExecutionCount="1"><Actors
 selectTriggeringEntities="false"/></ManeuverGroup><StartTrigger><ConditionGroup>{late}
</ConditionGroup></StartTrigger></Act></Story><StopTrigger><ConditionGroup>{late}</ConditionGroup>
</StopTrigger></Storyboard></OpenSCENARIO>"""
_LATE = """<Condition name="late" delay="0" conditionEdge="none"><ByValueCondition>
<SimulationTimeCondition value="{seconds}" rule="greaterThan"/></ByValueCondition></Condition>"""
_CAR = """<ScenarioObject name="{name}"><Vehicle name="car" vehicleCategory="car"><BoundingBox>
<Center x="1.4" y="0" z="0.75"/><Dimensions width="1.9" length="4.6" height="1.5"/></BoundingBox>
<Performance maxSpeed="60" maxAcceleration="3" maxDeceleration="8"/></Vehicle>{driver}
</ScenarioObject>"""
_DRIVER = """<ObjectController><Controller name="acc"><Properties>
<Property name="setSpeed" value="{wish}"/><Property name="timeGap" value="1.5"/>
<Property name="changeLanes" value="true"/></Properties></Controller></ObjectController>"""
_PLACE = """<LanePosition roadId="1" laneId="{lane}" s="{s}"/>"""
_PUT = """<PrivateAction><TeleportAction><Position>{place}</Position></TeleportAction>
</PrivateAction><PrivateAction><LongitudinalAction><SpeedAction><SpeedActionDynamics
 dynamicsShape="step" dynamicsDimension="time" value="0"/><SpeedActionTarget>
<AbsoluteTargetSpeed value="{speed}"/></SpeedActionTarget></SpeedAction></LongitudinalAction>
</PrivateAction>"""
_DRIVE = """<PrivateAction><ControllerAction><ActivateControllerAction longitudinal="true"
 lateral="true"/></ControllerAction></PrivateAction>"""
_GO = """<PrivateAction><RoutingAction><AcquirePositionAction><Position>{place}</Position>
</AcquirePositionAction></RoutingAction></PrivateAction>"""


class Highway:
    """A straight motorway; all drivers but the ego keep their distance and change lanes.

    They follow the intelligent driver model and MOBIL (see `world.kernels`). Drawn by the seed:
    which of a number of motorways; by that, lanes, gaps and wished speeds of all.
    """

    def __init__(
        self,
        *,
        lanes: int = 4,
        vehicles: int = 50,
        spacing: float = 22.0,
        seconds: float = 40.0,
        variety: int = 200,
    ) -> None:
        """lanes: 1 to 8. vehicles: besides the ego. spacing: mean metres of road for one vehicle,
        over all lanes. seconds: of an episode. variety: how many motorways there are to be drawn;
        each is made when it is first drawn, and kept. Raises ValueError for what is out of range.
        """
        ahead = EGO_AT + (vehicles + 1) * spacing * (LEAST + SPREAD)
        if not 1 <= lanes <= 8 or vehicles < 0 or not 0 < seconds <= 3600 or variety < 1:
            raise ValueError("1 to 8 lanes, 0 or more vehicles, up to 3600 s, 1 or more motorways")
        if spacing < LEAST_SPACING:
            raise ValueError(f"{spacing:g} m a vehicle: at least {LEAST_SPACING:g} are needed")
        self._length = max(LENGTH, ahead + FASTEST * seconds)
        self._lanes, self._vehicles = lanes, vehicles
        self._spacing, self._seconds, self._variety = spacing, seconds, variety
        self._made: dict[int, Scene] = {}
        told = "".join(_LANE.format(lane=-1 - lane, width=WIDTH) for lane in range(lanes))
        text = _MAP.format(length=self._length, limit=FASTEST, lanes=told)
        self._network = roads.loads(text.encode(), name="motorway")

    def __call__(self, seed: int) -> Scene:
        """The scene that a seed draws."""
        number = int(uniform(seed, "gym motorway", 0) * self._variety)
        if number not in self._made:
            self._made[number] = self._make(number)
        return self._made[number]

    def _make(self, number: int) -> Scene:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "motorway.xosc"
            path.write_text(self._text(number), encoding="utf-8")
            return Scene(load(path), self._network)

    def _text(self, seed: int) -> str:
        lane = -1 - int(uniform(seed, "gym lane", 0) * self._lanes)
        place = _PLACE.format(lane=lane, s=EGO_AT)
        goal = _PLACE.format(lane=lane, s=EGO_AT + GOAL_AFTER)
        entities = [_CAR.format(name="Ego", driver="")]
        init = [_private("Ego", _PUT.format(place=place, speed=SLOW), _GO.format(place=goal))]
        s = EGO_AT
        for number in range(1, self._vehicles + 1):
            lane = -1 - int(uniform(seed, "gym lane", number) * self._lanes)
            s += self._spacing * (LEAST + SPREAD * uniform(seed, "gym gap", number))
            wish = SLOW + (FAST - SLOW) * uniform(seed, "gym wish", number)
            name = f"Car {number}"
            entities.append(_CAR.format(name=name, driver=_DRIVER.format(wish=repr(wish))))
            place = _PLACE.format(lane=lane, s=repr(s))
            init.append(_private(name, _PUT.format(place=place, speed=repr(wish)), _DRIVE))
        late = _LATE.format(seconds=self._seconds)
        return _FILE.format(entities="".join(entities), init="".join(init), late=late)


def _private(name: str, *actions: str) -> str:
    return f'<Private entityRef="{name}">{"".join(actions)}</Private>'

"""How fast scenarios play, what a first and a later `play` cost: prints tables.

python benchmarks/driving_world.py [--runs 3] [--steps 20000] [--cold]

Third-party maps (not shipped) from CONCOURS_SHARED, ../shared by default; without them nothing is
measured. A run has as many vehicles on the map's lanes as the row says; each has a trigger that
waits for a time headway to another one, and changes speed and, where there is one, lane when it
fires. Steps of 0.01 s, storyboard and triggers included; kernels loaded before the
clock starts; process time of one thread.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from concours.driving import roads, scenarios
from concours.driving.world import World
from concours.driving.world.spots import Spots

SHARED = Path(os.environ.get("CONCOURS_SHARED", "../shared")) / "data" / "driving"
MAP = SHARED / "towns" / "Town01.xodr"
ACTORS = (2, 20, 200)
AIMS = {2: 100_000, 20: 40_000, 200: 3_000}

HEAD = """<OpenSCENARIO><FileHeader revMajor="1" revMinor="2" date="2026-01-01T00:00:00"
 description="bench" author="bench"/><CatalogLocations/><RoadNetwork><LogicFile filepath="{map}"/>
</RoadNetwork><Entities>{entities}</Entities><Storyboard><Init><Actions>{init}</Actions></Init>
<Story name="s"><Act name="a">{groups}<StartTrigger><ConditionGroup><Condition name="c" delay="0"
 conditionEdge="none"><ByValueCondition><SimulationTimeCondition value="0" rule="greaterThan"/>
</ByValueCondition></Condition></ConditionGroup></StartTrigger></Act></Story><StopTrigger/>
</Storyboard></OpenSCENARIO>"""
ENTITY = """<ScenarioObject name="{name}"><Vehicle name="car" vehicleCategory="car"><BoundingBox>
<Center x="1.4" y="0" z="0.8"/><Dimensions width="1.9" length="4.6" height="1.5"/></BoundingBox>
<Performance maxSpeed="60" maxAcceleration="5" maxDeceleration="10"/></Vehicle></ScenarioObject>"""
INIT = """<Private entityRef="{name}"><PrivateAction><TeleportAction><Position><LanePosition
 roadId="{road}" laneId="{lane}" s="{s}"/></Position></TeleportAction></PrivateAction>
<PrivateAction><LongitudinalAction><SpeedAction>
<SpeedActionDynamics dynamicsShape="step" dynamicsDimension="time"
 value="0"/><SpeedActionTarget>
<AbsoluteTargetSpeed value="{speed}"/></SpeedActionTarget></SpeedAction>
</LongitudinalAction></PrivateAction></Private>"""
GROUP = """<ManeuverGroup name="g{name}" maximumExecutionCount="1"><Actors
 selectTriggeringEntities="false"><EntityRef entityRef="{name}"/></Actors><Maneuver name="m"><Event
 name="e{name}" priority="overwrite"><Action name="x"><PrivateAction><LongitudinalAction>
<SpeedAction><SpeedActionDynamics dynamicsShape="sinusoidal" dynamicsDimension="time" value="4"/>
<SpeedActionTarget><AbsoluteTargetSpeed value="{later}"/></SpeedActionTarget></SpeedAction>
</LongitudinalAction></PrivateAction></Action><StartTrigger><ConditionGroup><Condition name="c"
 delay="0" conditionEdge="none"><ByEntityCondition><TriggeringEntities triggeringEntitiesRule="any">
<EntityRef entityRef="{name}"/></TriggeringEntities><EntityCondition><TimeHeadwayCondition
 entityRef="{other}" value="0.8" freespace="true" coordinateSystem="entity"
 relativeDistanceType="longitudinal" rule="lessThan"/></EntityCondition></ByEntityCondition>
</Condition></ConditionGroup></StartTrigger></Event></Maneuver></ManeuverGroup>"""


def write_scenario(actors: int, folder: Path) -> Path:
    """A scenario with so many vehicles, far apart on the lanes of the map."""
    network = roads.load(MAP)
    spots = Spots(network)
    every = max(1, len(spots.s) // actors)
    names = [f"v{number}" for number in range(actors)]
    entities, init, groups = [], [], []
    for number, name in enumerate(names):
        road, lane, _, _ = spots.where[number * every].tolist()
        entities.append(ENTITY.format(name=name))
        place = {"road": network.road_ids[road], "lane": int(network.tables.lanes[lane, 0])}
        s = float(spots.s[number * every])
        init.append(INIT.format(name=name, s=s, speed=8 + number % 5, **place))
        other = names[(number + 1) % actors]
        groups.append(GROUP.format(name=name, other=other, later=5 + number % 7))
    parts = {"entities": entities, "init": init, "groups": groups}
    text = HEAD.format(map=MAP.resolve(), **{key: "".join(all_) for key, all_ in parts.items()})
    path = folder / f"{actors}.xosc"
    path.write_text(text, encoding="utf-8")
    return path


def speed(path: Path, steps: int) -> float:
    """Steps a second of process time."""
    scenario, network = scenarios.load(path), roads.load(MAP)
    World(scenario, network=network, end=1e6, record=False).skip(50)
    world = World(scenario, network=network, end=1e6, record=False)
    world.skip(1)
    begun = time.process_time()
    made = world.skip(steps)
    return made / (time.process_time() - begun)


def speeds(runs: int, steps: int) -> Table:
    table = Table("vehicles", "steps a second", "times real time", "aim", title="Batch, Town01")
    with tempfile.TemporaryDirectory() as folder:
        for actors in ACTORS:
            path = write_scenario(actors, Path(folder))
            count = max(steps // actors, 500)
            found = statistics.median(speed(path, count) for _ in range(runs))
            table.add_row(str(actors), f"{found:,.0f}", f"{found * 0.01:,.0f}", f"{AIMS[actors]:,}")
    return table


def starts(runs: int, *, cold: bool) -> Table:
    """Whole processes of `concours drive play`, from the shell's prompt."""
    table = Table("play", "seconds, wall", "CPU", title="concours drive play, 14 s of six vehicles")
    file = SHARED / "esmini" / "xosc" / "highway_merge.xosc"
    command = [str(Path(sys.executable).parent / "concours"), "drive", "play", str(file)]
    caches = Path(tempfile.mkdtemp())
    try:
        more = {"NUMBA_CACHE_DIR": str(caches / "numba"), "CONCOURS_CACHE": str(caches / "maps")}
        env = os.environ | more
        kinds = [("first after a fresh installation", 1)] if cold else []
        for name, count in [*kinds, ("later ones", runs)]:
            if name == "later ones":
                subprocess.run(command, env=env, capture_output=True, check=False)
            pairs = [_timed(command, env) for _ in range(count)]
            table.add_row(name, *(f"{statistics.median(p[k] for p in pairs):.1f}" for k in (0, 1)))
    finally:
        shutil.rmtree(caches)
    return table


def _timed(command: list[str], env: dict[str, str]) -> tuple[float, float]:
    before = os.times()
    begun = time.perf_counter()
    subprocess.run(command, env=env, capture_output=True, check=False)
    after = os.times()
    cpu = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    return time.perf_counter() - begun, cpu


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--steps", type=int, default=200_000)
    parser.add_argument("--cold", action="store_true")
    options = parser.parse_args()
    console = Console(width=max(Console().width, 120))
    if not MAP.exists():
        console.print(f"no map {MAP}: set CONCOURS_SHARED to where the third-party data lie")
        return
    console.print(f"load before: {os.getloadavg()}; {os.cpu_count()} processors")
    console.print(speeds(options.runs, options.steps))
    console.print(starts(options.runs, cold=options.cold))


if __name__ == "__main__":
    main()

"""Agents as they are written for the field's kits run unchanged, in a process and without one."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from concours.driving.agents import (
    AgentProcess,
    AgentSpec,
    Briefing,
    Control,
    DirectControl,
    InProcessAgent,
    PlanPoint,
)
from tests.driving.agents.running import drive, run
from tests.driving.agents.test_carla_like import two_roads
from tests.factories.agents import agent, limits

Hosted = AgentProcess | InProcessAgent
PLAN = tuple(
    PlanPoint(
        x=10.0 * i, y=-1.75, z=0.0, heading=0.0, latitude=49.0, longitude=8.4 + i / 10_000,
        command="LEFT" if i == 5 else "LANEFOLLOW",
    )
    for i in range(11)
)  # fmt: skip
BRIEFING = Briefing(plan=PLAN, lat_ref=49.0, lon_ref=8.4)

PLANNER = """
import math
from collections import deque
import numpy as np
import carla
from agents.navigation.local_planner import RoadOption
from leaderboard.autoagents.autonomous_agent import AutonomousAgent, Track
from srunner.scenariomanager.timer import GameTime
import helper


def get_entry_point():
    return "PlannerAgent"


class Pid(object):
    def __init__(self, gain, window):
        self.gain, self.errors = gain, deque([0.0] * window, maxlen=window)

    def step(self, error):
        self.errors.append(error)
        return self.gain * error + 0.1 * float(np.mean(self.errors))


class PlannerAgent(AutonomousAgent):
    def setup(self, path_to_conf_file):
        self.track = Track.MAP
        self.map = None
        self.turn, self.speed = Pid(0.8, 20), Pid(0.3, 20)
        self.target = float(open(path_to_conf_file).read())

    def sensors(self):
        return [
            {"type": "sensor.opendrive_map", "reading_frequency": 1e-6, "id": "map"},
            {"type": "sensor.other.gnss", "x": 0.0, "y": 0.0, "z": 0.0, "id": "gps"},
            {"type": "sensor.lidar.ray_cast", "x": 0.7, "y": 0.0, "z": np.float64(1.6),
             "roll": 0.0, "pitch": 0.0, "yaw": -45.0, "id": "lidar"},
            {"type": "sensor.speedometer", "reading_frequency": 20, "id": "speed"},
        ]

    def run_step(self, input_data, timestamp):
        if self.map is None:
            self.map = carla.Map("town", input_data["map"][1]["opendrive"])
        lat, lon, _ = input_data["gps"][1]
        scale = math.cos(self.lat_ref * math.pi / 180.0) * 6378137.0 * math.pi / 180.0
        here = carla.Location(x=(lon - self.lon_ref) * scale, y=2.5)
        waypoint = self.map.get_waypoint(here, project_to_road=True)
        ahead = waypoint.next(8.0)[0].transform.location
        away = helper.angle(ahead - here)
        near = input_data["lidar"][1][:, 0].min()
        command = self._global_plan_world_coord[1][1]
        assert command == RoadOption.LEFT and isinstance(self._global_plan[0][0]["lat"], float)
        assert GameTime.get_time() == timestamp
        control = carla.VehicleControl()
        control.steer = float(np.clip(self.turn.step(away), -1, 1))
        if near < 5.0:
            control.brake = 1.0
        else:
            control.throttle = self.speed.step(self.target - input_data["speed"][1]["speed"])
        return control
"""
HELPER = """
import math


def angle(vector):
    return math.atan2(vector.y, vector.x)
"""


def planner(folder: Path) -> AgentSpec:
    """An agent with a neighbour and a configuration elsewhere."""
    own = folder / "team_code"
    own.mkdir()
    (own / "planner_agent.py").write_text(PLANNER)
    (own / "helper.py").write_text(HELPER)
    (folder / "config.txt").write_text("5.0")
    return AgentSpec(path=own / "planner_agent.py", config=str(folder / "config.txt"))


def planned(agent: Hosted) -> list[object]:
    """Its answers to five steps: a wall comes near in the last one."""
    sensors = agent.start(BRIEFING)
    assert [one["id"] for one in sensors] == ["map", "gps", "lidar", "speed"]
    text = two_roads().to_opendrive()
    answers: list[object] = []
    for i in range(5):
        lidar = np.full((1000, 4), 50.0 if i < 4 else 2.0, np.float32)
        position = np.array([49.0, 8.4 + i * 1e-5, 0.0])
        readings = {
            "map": (0, {"opendrive": text}), "gps": (i, position), "lidar": (i, lidar),
            "speed": (i, {"speed": 1.0 * i}),
        }  # fmt: skip
        answers.append(agent.step(frame=i, timestamp=0.05 * i, readings=readings))
    agent.stop()
    return answers


def test_a_planner_with_map_gps_and_lidar(tmp_path: Path) -> None:
    spec = planner(tmp_path)

    with AgentProcess(spec, limits(first_step_seconds=120.0)) as process:
        apart = planned(process)
    with InProcessAgent(spec) as trusted:
        together = planned(trusted)

    assert apart == together
    first, last = apart[0], apart[-1]
    assert isinstance(first, Control)
    assert isinstance(last, Control)
    # The lane's middle is 0.75 m to the left (y is less), 8 m ahead.
    assert first.steer == pytest.approx(0.805 * math.atan2(-0.75, 8.0), rel=1e-3)
    assert first.throttle == 1.0
    assert first.clamped
    assert (last.throttle, last.brake) == (0.0, 1.0)
    assert process.usage.isolation.keys() >= {"files", "network", "limits"}


@pytest.mark.parametrize(
    "constructor",
    [
        "def __init__(self, path_to_conf_file):\n"
        "            super().__init__(path_to_conf_file)\n            self.made = '1.0'",
        "def __init__(self, carla_host, carla_port, debug=False):\n"
        "            super().__init__(carla_host, carla_port)\n            self.made = '2.0'",
        "made = 'plain'",
    ],
)
def test_each_way_of_construction_sets_up_once(tmp_path: Path, constructor: str) -> None:
    file = tmp_path / "kit.py"
    text = f"""
    from leaderboard.autoagents.autonomous_agent import AutonomousAgent

    class Kit(AutonomousAgent):
        {constructor}

        def setup(self, path_to_conf_file):
            self.times = getattr(self, "times", 0) + 1
            assert path_to_conf_file == "given" and self.lat_ref == 49.0

        def run_step(self, input_data, timestamp):
            assert self.made and len(self._global_plan) == 4
            return {{"throttle": self.times / 4}}
    """
    file.write_text(textwrap.dedent(text))

    with InProcessAgent(AgentSpec(path=file, config="given")) as hosted:
        sensors = hosted.start(BRIEFING)
        answer = hosted.step(frame=0, timestamp=0.0, readings={})

    assert sensors == []
    assert answer == Control(throttle=0.25)


def test_a_class_is_named_where_there_are_two(tmp_path: Path) -> None:
    file = agent(tmp_path, top="class Other:\n    sensors = run_step = None\n")

    with InProcessAgent(AgentSpec(path=f"{file}:Agent")) as hosted:
        answers = hosted.start() and hosted.step(frame=0, timestamp=0.0, readings={})

    assert answers == Control(throttle=0.25)


def test_acceleration_and_steering_angle_may_be_asked_for(tmp_path: Path) -> None:
    step = "return {'acceleration': -1.5, 'steering_angle': 0.1}"

    answers, _ = run(agent(tmp_path, step=step))

    assert answers == [DirectControl(acceleration=-1.5, steering_angle=0.1)]


def test_a_real_package_goes_before_its_stand_in(tmp_path: Path) -> None:
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "carla.py").write_text("VERSION = 0.75")
    step = "import carla; return {'throttle': carla.VERSION}"

    answers, _ = run(agent(tmp_path, step=step))

    assert answers == [Control(throttle=0.75)]


def test_a_configuration_is_found_from_where_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.txt").write_text("0.75")
    monkeypatch.chdir(tmp_path)
    file = agent(
        tmp_path,
        setup="self.wanted = float(open(path_to_conf_file).read())",
        step="return {'throttle': self.wanted}",
    )

    with AgentProcess(AgentSpec(path=file, config="config.txt"), limits()) as process:
        answers = drive(process)

    assert answers == [Control(throttle=0.75)]


@pytest.mark.parametrize("config", ["x" * 10_000, "no such file", '{"speed": 0.75}'])
def test_a_configuration_may_be_any_text(tmp_path: Path, config: str) -> None:
    setup = f"assert path_to_conf_file == {config!r}"

    with AgentProcess(
        AgentSpec(path=agent(tmp_path, setup=setup), config=config), limits()
    ) as process:
        answers = drive(process)

    assert answers == [Control(throttle=0.25)]


def test_there_is_no_truth_to_be_had(tmp_path: Path) -> None:
    step = """
        import carla
        from agents.navigation.basic_agent import BasicAgent
        from srunner.scenariomanager.carla_data_provider import CarlaDataProvider
        assert CarlaDataProvider.get_world() is None
        assert CarlaDataProvider.get_velocity(None) is None
        assert not hasattr(CarlaDataProvider, "_world")
        refused = []
        for ask in (lambda: carla.Client("localhost", 2000), lambda: BasicAgent(None)):
            try:
                ask()
            except RuntimeError as error:
                refused.append("there is none here" in str(error))
        return {"throttle": 0.5 if refused == [True, True] else 0.0}
    """

    answers, _ = run(agent(tmp_path, step=step))

    assert answers == [Control(throttle=0.5)]


CHALLENGER = """
import carla
from autoagents.autonomous_agent import AutonomousAgent

lat_ref = None


def get_entry_point():
    return "ChallengeAgent"


class ChallengeAgent(AutonomousAgent):
    def __init__(self, debug=False):
        super().__init__(debug)
        self.lat_ref = None

    def setup(self, destination, path_to_conf_file):
        global lat_ref
        lat_ref = self.lat_ref
        self.destination = destination
        assert path_to_conf_file == "given"

    def sensors(self):
        return [{"type": "sensor.speedometer", "id": "速度传感器"}]

    def run_step(self, input_data, timestamp):
        assert (lat_ref, self.lon_ref) == (49.0, 8.4)
        assert (self.destination.x, self.destination.y) == (100.0, 1.75)
        return carla.VehicleControl(steer=0.0, throttle=0.5, brake=0.0, hand_brake=False)
"""


def test_an_agent_of_the_challenge_is_told_its_destination(tmp_path: Path) -> None:
    file = tmp_path / "my_agent.py"
    file.write_text(CHALLENGER)

    with InProcessAgent(AgentSpec(path=file, config="given")) as hosted:
        hosted.start(BRIEFING)
        answer = hosted.step(frame=0, timestamp=0.0, readings={})

    assert answer == Control(throttle=0.5)


def test_the_way_is_told_when_the_agent_is_set_up(tmp_path: Path) -> None:
    file = tmp_path / "kit.py"
    text = """
    from leaderboard.autoagents.autonomous_agent import AutonomousAgent

    class Kit(AutonomousAgent):
        def setup(self, path_to_conf_file):
            self.planned = [len(self._global_plan)]

        def set_global_plan(self, global_plan_gps, global_plan_world_coord):
            super().set_global_plan(global_plan_gps, global_plan_world_coord)
            self.planned.append(len(global_plan_world_coord))

        def run_step(self, input_data, timestamp):
            assert self.planned == [4, 11], self.planned
            return {"throttle": 0.5}
    """
    file.write_text(textwrap.dedent(text))

    with InProcessAgent(AgentSpec(path=file)) as hosted:
        hosted.start(BRIEFING)
        answer = hosted.step(frame=0, timestamp=0.0, readings={})

    assert answer == Control(throttle=0.5)


def test_names_of_the_simulator_may_be_annotated_and_compared_with(tmp_path: Path) -> None:
    top = """
    import carla
    from agents.navigation.global_route_planner import GlobalRoutePlanner
    from agents.navigation.local_planner import LocalPlanner, RoadOption
    from agents.tools.misc import get_speed
    from leaderboard.envs.sensor_interface import SensorInterface
    from leaderboard.utils.route_manipulation import downsample_route, interpolate_trajectory
    from srunner.autoagents.autonomous_agent import AutonomousAgent
    from srunner.tools.route_manipulation import _get_latlon_ref

    WEATHERS = [carla.WeatherParameters.ClearNoon, carla.WeatherParameters.HardRainSunset]


    def near(vehicle: carla.Vehicle, world: carla.World) -> carla.Actor:
        return None if isinstance(vehicle, carla.Vehicle) else vehicle
    """

    answers, _ = run(agent(tmp_path, top=top, step="return {'throttle': near(0.5, None)}"))

    assert answers == [Control(throttle=0.5)]


def test_the_agents_folder_is_a_package_under_its_own_name(tmp_path: Path) -> None:
    file = agent(tmp_path, step="from agent.planner import FAST; return {'throttle': FAST}")
    (file.parent / "planner.py").write_text("FAST = 0.75")

    answers, _ = run(file.rename(file.with_name("team.py")))

    assert answers == [Control(throttle=0.75)]


def test_destroy_is_called_and_may_print(tmp_path: Path) -> None:
    _, process = run(agent(tmp_path, destroy="print('good bye')"))

    assert process.log == "good bye\n"


@pytest.mark.parametrize("hosted", [AgentProcess, InProcessAgent])
def test_an_agent_that_is_not_running_cannot_be_asked(
    tmp_path: Path, hosted: Callable[[AgentSpec], Hosted]
) -> None:
    process = hosted(AgentSpec(path=agent(tmp_path)))

    with pytest.raises(RuntimeError, match="not running"):
        drive_without_start(process)


def drive_without_start(agent: Hosted) -> None:
    agent.step(frame=0, timestamp=0.0, readings={})


def test_usage_tells_of_cpu_and_memory(tmp_path: Path) -> None:
    file = agent(tmp_path, step="t = time.process_time()\nwhile time.process_time() < t + 0.3: pass"
                 "\nreturn {'brake': 1}")  # fmt: skip

    with AgentProcess(AgentSpec(path=file), limits()) as process:
        drive(process)

    assert process.usage.steps == 1
    assert 0.3 <= process.usage.cpu_seconds < 10.0
    assert process.usage.peak_bytes > 10**6

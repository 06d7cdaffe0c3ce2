"""One environment: what gymnasium asks of it, how episodes end, the same bits again."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

gymnasium = pytest.importorskip(
    "gymnasium", reason="the environments need gymnasium, which is not installed"
)

from concours.driving.gym import ID, Acting, DrivingEnv, DrivingVectorEnv, Files, Highway, Terms  # noqa: E402
from tests.factories import scenarios as s  # noqa: E402
from tests.factories.gym import FORWARD, STILL, Street, street, until_end  # noqa: E402
from tests.factories.worlds import ahead, build, straight  # noqa: E402

SEASON = Path(__file__).parents[3] / "seasons" / "open-atom-2022" / "driving" / "scenarios"
QUICK = Highway(vehicles=4, seconds=3.0, variety=3)


def test_gymnasiums_own_check_finds_nothing() -> None:
    from gymnasium.utils.env_checker import check_env

    env = gymnasium.make(ID, scenes=QUICK, disable_env_checker=True)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(env.unwrapped, skip_render_check=True)


def test_the_registered_name_makes_both_kinds() -> None:
    one = gymnasium.make(ID, scenes=QUICK)
    many = gymnasium.make_vec(ID, num_envs=2, scenes=QUICK)

    assert isinstance(one.unwrapped, DrivingEnv)
    assert isinstance(many.unwrapped, DrivingVectorEnv)
    assert many.reset(seed=1)[0].shape == (2, *one.observation_space.shape)


@given(actions=st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 2), min_size=1, max_size=6),
       seed=st.integers(0, 2**63), by=st.sampled_from(["direct", "pedals"]))  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_whatever_is_done_the_observation_is_in_its_space_and_the_same_again(
    actions: list[tuple[float, float]], seed: int, by: str
) -> None:
    def run() -> list[bytes]:
        env = DrivingEnv(QUICK, terms=Terms(acting=Acting(by=by), seconds=0.5))  # type: ignore[arg-type]
        seen, _ = env.reset(seed=seed)
        found = [seen.tobytes()]
        for action in actions:
            seen, won, terminated, truncated, _ = env.step(np.array(action))
            assert env.observation_space.contains(seen)
            assert np.isfinite(won)
            found.append(seen.tobytes() + np.float64(won).tobytes())
            if terminated or truncated:
                break
        return found

    assert run() == run()


def test_the_seed_draws_the_episode_and_the_next_one_differs() -> None:
    env, other = (DrivingEnv(Highway(vehicles=4, variety=50)) for _ in range(2))

    first = [env.reset(seed=5)[0].tobytes(), *(env.reset()[0].tobytes() for _ in range(3))]
    again = [other.reset(seed=5)[0].tobytes(), *(other.reset()[0].tobytes() for _ in range(3))]

    assert first == again
    assert len(set(first)) > 1


def test_it_arrives(tmp_path: Path) -> None:
    env = street(tmp_path, goal=130.0)

    _, won, terminated, truncated, info = until_end(env, STILL)

    assert (terminated, truncated, info["end"]) == (True, False, "arrived")
    assert 25.0 <= info["metres"] <= 30.0  # the goal is five metres wide
    assert won > 10.0


def test_it_meets_another(tmp_path: Path) -> None:
    other = ahead("Other", 130.0, 0.0)
    env = street(tmp_path, other, cars=("Other",))

    _, won, terminated, truncated, info = until_end(env, STILL)

    assert (terminated, truncated, info["end"]) == (True, False, "collision")
    # both boxes are four metres long and one metre ahead of their reference points
    assert info["metres"] == pytest.approx(26.0, abs=1.0)
    assert won < -19.0


def test_another_in_the_lane_beside_is_passed(tmp_path: Path) -> None:
    other = ahead("Other", 130.0, 0.0, lane=-2)
    env = street(tmp_path, other, cars=("Other",), goal=160.0)

    assert until_end(env, STILL)[4]["end"] == "arrived"


def test_it_leaves_the_road(tmp_path: Path) -> None:
    env = street(tmp_path)

    _, won, terminated, truncated, info = until_end(env, [0.0, -1.0])

    assert (terminated, truncated, info["end"]) == (True, False, "off the road")
    assert won < -19.0


def test_it_is_late(tmp_path: Path) -> None:
    env = street(tmp_path, stop=s.at(3.0, "Stop"), speed=1.0)

    _, _, terminated, truncated, info = until_end(env, STILL)

    assert (terminated, truncated, info["end"]) == (False, True, "time limit")
    assert info["seconds"] == pytest.approx(3.0)


def test_the_storyboard_ends_it(tmp_path: Path) -> None:
    fast = s.by_entity('<SpeedCondition value="14" rule="greaterThan"/>', "Ego")
    env = street(tmp_path, stop=s.trigger("Stop", [s.condition(fast)]))

    _, _, terminated, truncated, info = until_end(env, FORWARD)

    assert (terminated, truncated, info["end"]) == (False, True, "storyboard")


def test_a_stop_line_passed_at_red_is_counted_and_costs() -> None:
    env = DrivingEnv(SEASON / "train17.xosc", terms=Terms(seconds=0.5))
    seen, _ = env.reset(seed=0)
    waited = 0
    while seen[14] != 1.0:  # the light is not red yet
        seen, *_ = env.step(np.array([-1.0, 0.0]))
        waited += 1
        assert waited < 300

    rewards = []
    info = {"reds": 0, "end": ""}
    while not info["reds"] and not info["end"]:
        _, won, _, _, info = env.step(np.array([1.0, 0.0]))
        rewards.append(won)

    assert info["reds"] == 1
    assert rewards[-1] < -8.0
    assert all(won > -1.0 for won in rewards[:-1])


def test_files_are_drawn_by_the_seed() -> None:
    env = DrivingEnv(Files([SEASON / "train01.xosc", SEASON / "train02.xosc"]))

    found = {env.reset(seed=seed)[1]["scenario"] for seed in range(12)}

    assert found == {"train01", "train02"}


def test_an_action_is_cut_to_its_space(tmp_path: Path) -> None:
    wild, tame = street(tmp_path), street(tmp_path)

    assert (
        wild.step(np.array([9.0, -7.0]))[0].tobytes()
        == tame.step(np.array([1.0, -1.0]))[0].tobytes()
    )


@pytest.mark.parametrize("action", [[np.nan, 0.0], [0.0], [[0.0, 0.0]], 1.0])
def test_what_is_no_action_is_refused(tmp_path: Path, action: object) -> None:
    env = street(tmp_path)

    with pytest.raises(ValueError, match="action"):
        env.step(action)  # type: ignore[arg-type]


def test_no_step_before_the_start_nor_behind_the_end(tmp_path: Path) -> None:
    env = DrivingEnv(Street(tmp_path, goal=110.0))
    with pytest.raises(RuntimeError, match="reset"):
        env.step(np.zeros(2))

    env.reset(seed=0)
    until_end(env, STILL)

    with pytest.raises(RuntimeError, match="reset"):
        env.step(np.zeros(2))


@pytest.mark.parametrize(
    "how", [{"seconds": 0.07}, {"seconds": 0.0}, {"step": 0.02}, {"step": -1.0}, {"others": -1}]
)
def test_terms_out_of_range_are_refused(how: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(how))):
        Terms(**how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "how", [{"lanes": 0}, {"vehicles": -1}, {"spacing": 5.0}, {"seconds": 0.0}, {"variety": 0}]
)
def test_motorways_out_of_range_are_refused(how: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"lanes|vehicle"):
        Highway(**how)  # type: ignore[arg-type]


def test_nobody_touches_at_the_start_of_a_dense_motorway() -> None:
    for seed in range(8):
        env = DrivingEnv(Highway(lanes=1, vehicles=30, spacing=10.0))
        env.reset(seed=seed)

        _, _, _, _, info = env.step(np.array([-1.0, 0.0]))

        assert info["end"] == ""


@pytest.mark.parametrize(("told", "lane"), [("true", -2), ("false", -1)])
def test_a_driver_changes_lanes_where_its_controller_says_so(
    tmp_path: Path, told: str, lane: int
) -> None:
    from tests.factories.moves import assign, controller

    driver = assign(controller("acc", setSpeed=20, timeGap=1.5, changeLanes=told))
    world = build(
        tmp_path, ahead("Ego", 100.0, 20.0, driver), ahead("Other", 160.0, 5.0), where=straight()
    )

    world.skip(900)

    assert world.state("Ego").lane == lane

"""Many at once give what each gives alone."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

gymnasium = pytest.importorskip(
    "gymnasium", reason="the environments need gymnasium, which is not installed"
)

from concours.driving.gym import DrivingEnv, DrivingVectorEnv, Highway, Terms  # noqa: E402
from tests.factories.gym import Street  # noqa: E402

SCENES = Highway(vehicles=6, seconds=2.0, variety=5)
TERMS = Terms(seconds=0.5)


def actions(count: int, number: int) -> np.ndarray:
    """Some that differ by environment and by step; the first environment leaves the road."""
    turn = np.arange(count) * 0.7 + number * 0.3
    found = np.stack([np.sin(turn), 0.05 * np.cos(turn)], axis=1)
    found[0] = (1.0, -1.0)
    return found.astype(np.float32)


@pytest.mark.parametrize("count", [1, 3])
def test_it_gives_the_bits_of_gymnasiums_own_vector_of_single_ones(count: int) -> None:
    mine = DrivingVectorEnv(count, SCENES, terms=TERMS)
    theirs = gymnasium.vector.SyncVectorEnv([partial(DrivingEnv, SCENES, terms=TERMS)] * count)
    ends: set[str] = set()

    pairs = [(mine.reset(seed=3), theirs.reset(seed=3))]
    for number in range(14):  # through the ends of episodes, and the starts of the next
        given = actions(count, number)
        pairs.append((mine.step(given), theirs.step(given)))
        ends.update(pairs[-1][0][4]["end"])

    for ours, others in pairs:
        for one, two in zip(ours[:-1], others[:-1], strict=True):
            assert one.tobytes() == two.astype(one.dtype).tobytes()
        assert ours[-1].keys() == others[-1].keys()
        for key in ours[-1]:
            assert ours[-1][key].tolist() == others[-1][key].tolist()
    assert "off the road" in ends
    assert "" in ends


def test_an_environment_does_not_depend_on_how_many_stand_beside_it() -> None:
    few, many = (DrivingVectorEnv(count, SCENES, terms=TERMS) for count in (2, 5))
    few.reset(seed=[8, 9])
    many.reset(seed=[1, 9, 7, 8, 3])

    for number in range(6):
        given = actions(2, number)
        wide = actions(5, number)
        wide[[3, 1]] = given
        seen, won, *_ = few.step(given)
        seen_too, won_too, *_ = many.step(wide)

        assert seen.tobytes() == seen_too[[3, 1]].tobytes()
        assert won.tobytes() == won_too[[3, 1]].tobytes()


def test_the_spaces_hold_what_comes() -> None:
    env = DrivingVectorEnv(3, SCENES, terms=TERMS)

    seen, infos = env.reset(seed=0)

    assert env.observation_space.contains(seen)
    assert env.action_space.contains(actions(3, 0))
    assert infos["seconds"].tolist() == [0.0] * 3


def test_a_step_before_the_first_reset_and_wrong_numbers_are_refused() -> None:
    env = DrivingVectorEnv(2, SCENES, terms=TERMS)
    with pytest.raises(RuntimeError, match="reset"):
        env.step(np.zeros((2, 2)))
    with pytest.raises(ValueError, match=r"shorter|longer"):
        env.reset(seed=[1])
    env.reset(seed=1)
    with pytest.raises(ValueError, match=r"shorter|longer"):
        env.step(np.zeros((3, 2)))
    with pytest.raises(ValueError, match="at least one"):
        DrivingVectorEnv(0, SCENES)


def test_all_drive_the_scene_that_was_read_once(tmp_path: Path) -> None:
    env = DrivingVectorEnv(2, Street(tmp_path, goal=108.0), terms=TERMS)
    env.reset(seed=0)

    _, _, terminated, _, infos = env.step(np.zeros((2, 2)))

    assert terminated.tolist() == [True, True]
    assert infos["end"].tolist() == ["arrived"] * 2

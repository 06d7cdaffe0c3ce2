"""Many egos, each in a world of its own, stepped in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from concours.driving.gym.course import Course, Source, scenes_of
from concours.driving.gym.environment import Action, spaces_of
from concours.driving.gym.episode import Episode, Terms
from concours.driving.gym.observing import Observation
from concours.driving.vehicle.layout import FloatArray

Array = npt.NDArray[Any]
Step = tuple[Observation, Array, Array, Array, dict[str, Any]]


class DrivingVectorEnv(VectorEnv[Observation, Action, Array]):
    """Environment i of n gives the bits that a `DrivingEnv` gives for its seed and actions.

    An episode that has ended begins anew in the next step, whose action for it is passed over.
    """

    metadata: dict[str, Any] = {"render_modes": [], "autoreset_mode": AutoresetMode.NEXT_STEP}

    def __init__(
        self, num_envs: int = 1, scenes: Source = None, *, terms: Terms | None = None
    ) -> None:
        """As `DrivingEnv`; all environments share what was read. Raises ValueError below 1."""
        if num_envs < 1:
            raise ValueError("at least one environment is needed")
        terms, source = terms or Terms(), scenes_of(scenes)
        self.num_envs = num_envs
        self.single_observation_space, self.single_action_space = spaces_of(terms)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._courses = [Course(source, terms) for _ in range(num_envs)]
        self._episodes: list[Episode] = []

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Observation, dict[str, Any]]:
        """Begin all anew; seed: environment i has seed + i, or the i-th of a list.

        Raises ValueError for a list of another length. options: none are known.
        """
        if seed is None or isinstance(seed, int | np.integer):
            seeds = [None if seed is None else int(seed) + n for n in range(self.num_envs)]
        else:
            seeds = list(seed)
        pairs = zip(self._courses, seeds, strict=True)
        self._episodes = [course.begin(one) for course, one in pairs]
        return self._seen(), self._infos()

    def step(self, actions: Action | FloatArray) -> Step:
        """Drive all on: actions (n, 2).

        Raises RuntimeError before the first reset, ValueError for actions that are none.
        """
        if not self._episodes:
            raise RuntimeError("no episode is under way: call reset")
        won = np.zeros(self.num_envs)
        for n, (episode, action) in enumerate(zip(self._episodes, actions, strict=True)):
            if episode.end is None:
                won[n] = episode.step(action)
            else:
                self._episodes[n] = self._courses[n].begin(None)
        ends = [episode.end for episode in self._episodes]
        terminated = np.array([end is not None and end.terminal for end in ends])
        truncated = np.array([end is not None and not end.terminal for end in ends])
        return self._seen(), won, terminated, truncated, self._infos()

    def _seen(self) -> Observation:
        seen = np.zeros(self.observation_space.shape or (), dtype=np.float32)
        for episode, out in zip(self._episodes, seen, strict=True):
            episode.observe(out)
        return seen

    def _infos(self) -> dict[str, Any]:
        infos: dict[str, Any] = {}
        for n, episode in enumerate(self._episodes):
            infos = self._add_info(infos, episode.info(), n)
        return infos

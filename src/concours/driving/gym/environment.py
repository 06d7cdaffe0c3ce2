"""One ego in one world, as an environment of gymnasium."""

from __future__ import annotations

from typing import Any, cast

import gymnasium
import numpy as np
import numpy.typing as npt

from concours.driving.gym.acting import SIZE
from concours.driving.gym.course import Course, Source, scenes_of
from concours.driving.gym.episode import Episode, Terms
from concours.driving.gym.observing import Observation, size
from concours.driving.vehicle.layout import FloatArray

Action = npt.NDArray[np.float32]
Space = gymnasium.spaces.Space[npt.NDArray[np.float32]]


def spaces_of(terms: Terms) -> tuple[Space, Space]:
    """Of one observation and of one action."""
    seen, done = (
        cast("Space", gymnasium.spaces.Box(-1.0, 1.0, (length,), np.float32))
        for length in (size(terms.others), SIZE)
    )
    return seen, done


class DrivingEnv(gymnasium.Env[Observation, Action]):
    """Drives the ego of a scenario; an episode is a function of the seed and the actions.

    Observations: `observing`. Actions: `Acting`. Rewards: `rewarding`. Terminated: arrived,
    collision, off the road. Truncated: the time limit of the task, the end of the storyboard.

    Attributes:
        episode: that is being driven; its `world` may be looked at, not changed.
    """

    metadata: dict[str, Any] = {"render_modes": []}

    def __init__(self, scenes: Source = None, *, terms: Terms | None = None) -> None:
        """scenes: a scenario file, several, or a source of scenes; by default a `Highway`.

        Raises BadScenario, BadMap, ValueError where there are no scenes.
        """
        terms = terms or Terms()
        self.observation_space, self.action_space = spaces_of(terms)
        self._course = Course(scenes_of(scenes), terms)
        self._length = size(terms.others)
        self.episode: Episode | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """The first episode of a seed; without one the next episode. options: none are known."""
        super().reset(seed=seed)
        self.episode = self._course.begin(seed)
        return self._seen(self.episode), self.episode.info()

    def step(
        self, action: Action | FloatArray
    ) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Drive on for `Terms.seconds`, or until there is a reason to end.

        Raises RuntimeError where no episode is under way, ValueError for an action that is none.
        """
        episode = self.episode
        if episode is None or episode.end is not None:
            raise RuntimeError("no episode is under way: call reset")
        won = episode.step(action)
        end = episode.end
        terminated = end is not None and end.terminal
        truncated = end is not None and not end.terminal
        return self._seen(episode), won, terminated, truncated, episode.info()

    def _seen(self, episode: Episode) -> Observation:
        seen = np.zeros(self._length, dtype=np.float32)
        episode.observe(seen)
        return seen

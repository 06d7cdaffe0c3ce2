"""Environments of gymnasium: the closed loop for algorithms that learn; needs the extra `gym`.

import gymnasium

env = gymnasium.make("concours.driving.gym:concours/Driving-v0")
observation, info = env.reset(seed=1)
observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
"""

from __future__ import annotations

try:
    import gymnasium
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        "the environments need gymnasium: pip install 'concours[driving,gym]'", name="gymnasium"
    ) from missing

from concours.driving.gym.acting import Acting
from concours.driving.gym.environment import DrivingEnv
from concours.driving.gym.episode import End, Terms
from concours.driving.gym.highway import Highway
from concours.driving.gym.rewarding import Moment, Weights, reward
from concours.driving.gym.scenes import Files, Scene, Scenes
from concours.driving.gym.vector import DrivingVectorEnv

ID = "concours/Driving-v0"

if ID not in gymnasium.registry:
    gymnasium.register(
        id=ID,
        entry_point="concours.driving.gym.environment:DrivingEnv",
        vector_entry_point="concours.driving.gym.vector:DrivingVectorEnv",
    )

__all__ = [
    "ID",
    "Acting",
    "DrivingEnv",
    "DrivingVectorEnv",
    "End",
    "Files",
    "Highway",
    "Moment",
    "Scene",
    "Scenes",
    "Terms",
    "Weights",
    "reward",
]

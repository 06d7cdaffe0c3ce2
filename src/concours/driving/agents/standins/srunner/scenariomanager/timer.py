"""The simulation's time, as the step that runs was given it."""

from concours.driving.agents.carla_like.clock import GameTime

__all__ = ["GameTime"]

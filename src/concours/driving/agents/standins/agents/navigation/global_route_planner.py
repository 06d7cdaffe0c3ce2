"""Ways on a map, found without a simulator."""

from concours.driving.agents.carla_like.ways import GlobalRoutePlanner

__all__ = ["GlobalRoutePlanner"]

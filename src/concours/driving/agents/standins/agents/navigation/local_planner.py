"""The commands along a way. The planner itself asks a simulator for the truth: it is not here."""

from concours.driving.agents.carla_like.agent import RoadOption

__all__ = ["RoadOption"]

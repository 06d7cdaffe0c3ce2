"""The commands along a way. The planner itself asks a simulator for the truth: there is none."""

from concours.driving.agents.carla_like.absent import absent
from concours.driving.agents.carla_like.agent import RoadOption

LocalPlanner = absent("LocalPlanner")

__all__ = ["LocalPlanner", "RoadOption"]

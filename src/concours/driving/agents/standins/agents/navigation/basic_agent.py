"""There to be imported: it drives by a simulator's truth, which agents here are not given."""

from concours.driving.agents.carla_like.absent import absent

BasicAgent = absent("BasicAgent")

__all__ = ["BasicAgent"]

"""There to be imported: it drives by a simulator's truth, which agents here are not given."""

from concours.driving.agents.carla_like.absent import absent

ConstantVelocityAgent = absent("ConstantVelocityAgent")

__all__ = ["ConstantVelocityAgent"]

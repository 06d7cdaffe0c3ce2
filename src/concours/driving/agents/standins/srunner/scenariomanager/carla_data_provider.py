"""The simulator's truth, which agents here are not given: every question is answered with None."""

from concours.driving.agents.carla_like.clock import CarlaDataProvider

CarlaActorPool = CarlaDataProvider
"""Its name in older kits."""

__all__ = ["CarlaActorPool", "CarlaDataProvider"]

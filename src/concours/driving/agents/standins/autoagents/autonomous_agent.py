"""The base class that agents of the CARSMOS kit derive from."""

from concours.driving.agents.carla_like.agent import AutonomousAgent, Track

__all__ = ["AutonomousAgent", "Track"]

"""Thinning out a way."""

from concours.driving.agents.carla_like.agent import downsample_route

__all__ = ["downsample_route"]

"""What older kits hand to a GlobalRoutePlanner in the place of the map."""

from concours.driving.agents.carla_like.maps import Map


def GlobalRoutePlannerDAO(wmap: Map, sampling_resolution: float = 1.0) -> Map:  # noqa: N802
    """The map itself."""
    return wmap


__all__ = ["GlobalRoutePlannerDAO"]

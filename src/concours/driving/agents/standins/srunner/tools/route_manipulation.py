"""Ways in degrees, and thinned out."""

from concours.driving.agents.carla_like.ways import *  # noqa: F403

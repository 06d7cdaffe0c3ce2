"""From plain records to the flat arrays of a road network."""

from concours.driving.roads.compiling.network import compile_map

__all__ = ["compile_map"]

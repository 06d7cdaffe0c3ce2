"""The world: entities that move on roads as a scenario tells them.

from concours.driving import scenarios
from concours.driving.world import World

world = World(scenarios.load("cut-in.xosc"), seed=7)
for frame in world.run():
    print(frame.time, frame["Ego"].speed)
"""

from concours.driving.world.frames import Frame, State
from concours.driving.world.maps import open_map
from concours.driving.world.trace import FIELDS, Actor, Light, Touch, Trace
from concours.driving.world.world import CONTROL, END, STEP, World

__all__ = [
    "CONTROL",
    "END",
    "FIELDS",
    "STEP",
    "Actor",
    "Frame",
    "Light",
    "State",
    "Touch",
    "Trace",
    "World",
    "open_map",
]

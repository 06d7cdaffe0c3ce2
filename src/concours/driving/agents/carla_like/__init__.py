"""What agents of the CARLA leaderboard and of kits after its model expect around them.

The names, fields and units are those of CARLA 0.9 (left-handed: x forward, y right, z up; degrees).
What agents import as `carla`, `leaderboard`, `srunner` and `agents` stands in ../standins.
"""

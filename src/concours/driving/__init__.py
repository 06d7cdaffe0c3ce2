"""Closed-loop evaluation of driving algorithms: roads, scenarios, the world they play in."""

"""Compiled loops over the entities of a scene."""

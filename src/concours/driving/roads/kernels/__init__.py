"""Compiled loops over the tables of a road network."""

"""Loops over rays, compiled."""

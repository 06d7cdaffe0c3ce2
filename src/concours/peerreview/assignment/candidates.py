"""Candidates for assignments by vectors of expertise: nearest neighbours in blocks.

(In progress by the maintainer: candidates and the route of a million entries, `scale.py`.)
"""

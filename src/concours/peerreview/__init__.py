"""Peer review: who reviews whom, what the reviews say together, who is selected.

A library of its own: arrays in, arrays out. Seeds are arguments; the same inputs and seed give the
same result on any machine.
"""

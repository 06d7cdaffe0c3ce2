"""Agents that come with the engine, each a file to read and to start from.

They see what any agent sees and nothing else; nothing of the engine is imported in them.
"""

from __future__ import annotations

from pathlib import Path

NAMES = ("still", "follow", "careful")
DATAFLOWS = {"dora-follow": "follow.yml", "dora-careful": "careful.yml"}
"""The same again as graphs of dora nodes: name -> file in the folder dora/."""


def baseline(name: str) -> Path:
    """The file of a baseline. Raises KeyError for a name that is none."""
    if name in DATAFLOWS:
        return Path(__file__).with_name("dora") / DATAFLOWS[name]
    if name not in NAMES:
        raise KeyError(name)
    return Path(__file__).with_name(f"{name}.py")

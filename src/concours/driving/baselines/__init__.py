"""Agents that come with the engine, each a file to read and to start from.

They see what any agent sees and nothing else; nothing of the engine is imported in them.
"""

from __future__ import annotations

import ast
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


def kit(name: str) -> dict[str, bytes]:
    """A baseline as a folder of its own: agent.py and the neighbours that it imports, by file name.

    Raises KeyError for a name that is none of `NAMES`.
    """
    if name not in NAMES:
        raise KeyError(name)
    files: dict[str, bytes] = {}
    ahead = [baseline(name)]
    while ahead:
        file = ahead.pop()
        files[file.name] = file.read_bytes()
        beside = (file.with_name(f"{module}.py") for module in _imported(files[file.name]))
        ahead += [one for one in beside if one.is_file() and one.name not in files]
    files["agent.py"] = files.pop(f"{name}.py")
    return dict(sorted(files.items()))


def _imported(source: bytes) -> set[str]:
    """The modules that a file names in its imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found.update(one.name for one in node.names)
    return found

"""The graph of a dataflow as its author wrote it, and as it is run."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from concours.driving.dataflow.messages import BRIEFING, CONTROL, TICK

WORLD = "concours"
"""The node that stands for the world."""
SENSORS = "CONCOURS_SENSORS"
POOL = 256 * 2**20
"""Bytes of shared memory for large readings; dora's own default slows messages above 3 MB."""
LARGE = ("sensor.camera", "sensor.lidar")
MOST_BYTES = 2**20
DOWNLOADS = ("git", "hub", "build")


class BadGraph(ValueError):
    """A graph that is no YAML, or has no place for the world."""


def require_small(content: Any) -> None:
    """Raises BadGraph where aliases unfold to more than a graph holds, or without an end."""
    if _weight(content, {}) > MOST_BYTES:
        raise BadGraph("the graph's aliases unfold to more than a graph holds")


def _weight(value: Any, known: dict[int, float]) -> float:
    """Entries, with aliases unfolded; infinite for what holds itself."""
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in known:
        known[id(value)] = math.inf  # until it is known
        inside = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_weight(one, known) for one in inside)
    return known[id(value)]


def require_shape(node: Any) -> None:
    """Raises BadGraph for a node in which one could not even look for what is old."""
    if not isinstance(node, dict):
        raise BadGraph("a node is no mapping")
    operators = node.get("operators") or []
    if not isinstance(operators, list):
        raise BadGraph(f"'operators' of node {node.get('id')!r} is no list")
    for part in (node, node.get("custom"), node.get("operator"), *operators):
        if not isinstance(part, dict):
            continue
        for key, kind in (("inputs", dict), ("outputs", list)):
            if not isinstance(part.get(key), kind | None):
                what = "mapping" if key == "inputs" else "list"
                raise BadGraph(f"{key!r} of node {node.get('id')!r} is no {what}"[:200])


class Graph:
    """A dataflow on disk. Raises BadGraph, OSError."""

    def __init__(self, file: Path) -> None:
        self.folder = file.parent
        text = file.read_text("utf-8")
        if len(text) > MOST_BYTES:
            raise BadGraph(f"{file.name} has more than {MOST_BYTES} bytes")
        try:
            self._content: Any = YAML(typ="safe", pure=True).load(text)
        except (YAMLError, RecursionError, ValueError) as error:
            raise BadGraph(f"{file.name} is no YAML: {error}") from None
        require_small(self._content)
        self._nodes = self._found_nodes(file.name)
        self._world = self._found_world(file.name)
        self.sensors: list[dict[str, Any]] = self._found_sensors()

    def _found_nodes(self, name: str) -> list[dict[str, Any]]:
        content = self._content
        nodes = content.get("nodes") if isinstance(content, dict) else None
        if not isinstance(nodes, list) or not all(isinstance(one, dict) for one in nodes):
            raise BadGraph(f"{name} has no list of nodes")
        if "communication" in content or any("custom" in one for one in nodes):
            raise BadGraph(f"{name} is written for an old dora: concours drive migrate {name}")
        for node in nodes:
            for key in DOWNLOADS:
                if key in node:
                    raise BadGraph(f"node {node.get('id')}: {key!r} cannot be used here; "
                                   "what a node needs lies in the graph's folder")  # fmt: skip
        return nodes

    def _found_world(self, name: str) -> dict[str, Any]:
        found = [node for node in self._nodes if node.get("id") == WORLD]
        if len(found) != 1:
            raise BadGraph(f"{name} has {len(found)} nodes {WORLD!r}, not one")
        inputs = found[0].get("inputs")
        if not isinstance(inputs, dict) or set(inputs) != {CONTROL}:
            raise BadGraph(f"the node {WORLD!r} has one input, {CONTROL!r}")
        return found[0]

    def _found_sensors(self) -> list[dict[str, Any]]:
        env = self._world.get("env") or {}
        text = env.get(SENSORS, "[]") if isinstance(env, dict) else ""
        try:
            sensors = json.loads(text)
        except (TypeError, ValueError) as error:
            raise BadGraph(f"{SENSORS} of the node {WORLD!r} is no JSON: {error}") from None
        if not isinstance(sensors, list) or not all(isinstance(one, dict) for one in sensors):
            raise BadGraph(f"{SENSORS} of the node {WORLD!r} is no list of sensors")
        if taken := {BRIEFING, TICK} & {str(one.get("id")) for one in sensors}:
            raise BadGraph(f"a sensor cannot have the id {min(taken)!r}")
        return sensors

    def to_run(self, *, seat: Path, address: str) -> str:
        """The graph with the engine in the world's place, and every file by its whole path.

        seat: the program that takes the place. address: of the socket it connects to.
        """
        nodes = [self._world_to_run(seat, address) if node is self._world else self._placed(node)
                 for node in self._nodes]  # fmt: skip
        return json.dumps({**self._content, "nodes": nodes})  # JSON is YAML

    def _world_to_run(self, seat: Path, address: str) -> dict[str, Any]:
        node: dict[str, Any] = {
            "id": WORLD,
            "path": sys.executable,
            "args": f"-P -B {seat} {address}",
            "inputs": self._world["inputs"],
            "outputs": [BRIEFING, TICK, *(str(one.get("id")) for one in self.sensors)],
        }
        if any(str(one.get("type")).startswith(LARGE) for one in self.sensors):
            node["shared_memory_pool_size"] = POOL
        return node

    def _placed(self, node: dict[str, Any]) -> dict[str, Any]:
        """A node with its files found from the graph's folder; it runs in the scratch folder."""
        placed = dict(node)
        if "path" in node:
            placed["path"] = self._whole(node["path"])
        if isinstance(node.get("operator"), dict):
            placed["operator"] = self._operator(node["operator"])
        if isinstance(node.get("operators"), list):
            placed["operators"] = [
                self._operator(one) if isinstance(one, dict) else one for one in node["operators"]
            ]
        return placed

    def _operator(self, operator: dict[str, Any]) -> dict[str, Any]:
        python = operator.get("python")
        if isinstance(python, dict):
            return {**operator, "python": {**python, "source": self._whole(python.get("source"))}}
        return {**operator, "python": self._whole(python)} if python else operator

    def _whole(self, path: Any) -> Any:
        file = self.folder / str(path)
        return str(file.resolve()) if file.is_file() else path

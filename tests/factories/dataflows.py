"""Dataflows written to files: a graph, and a node whose answer the test gives."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

SPEED: dict[str, Any] = {"type": "sensor.speedometer", "id": "speed"}

NODE = """
import os, sys, time
from array import array
import pyarrow as pa
from dora import Node
def numbers(*values):  # pa.array() imports pandas, which takes seconds
    buffers = [None, pa.py_buffer(array("d", values))]
    return pa.Array.from_buffers(pa.float64(), len(values), buffers)
node = Node()
seen = []
for event in node:
    if event["type"] != "INPUT":
        continue
    told = event["metadata"]
    seen.append((event["id"], told.get("frame")))
    if event["id"] == "tick":
        frame = event["value"][0].as_py()
@BODY
"""
ANSWER = 'node.send_output("control", numbers(0.25, 0.0, 0.0), told)'


def dataflow(
    folder: Path, *, answer: str = ANSWER, sensors: tuple[dict[str, Any], ...] = (SPEED,)
) -> Path:
    """A graph of one node beside the world; answer: what it does at a tick."""
    own = folder / "flow"
    own.mkdir(exist_ok=True)
    names = [str(one["id"]) for one in sensors]
    inputs = {name: f"concours/{name}" for name in ("briefing", "tick", *names)}
    world = {
        "id": "concours",
        "path": "dynamic",
        "env": {"CONCOURS_SENSORS": json.dumps(sensors)},
        "inputs": {"control": "pilot/control"},
        "outputs": list(inputs),
    }
    pilot = {"id": "pilot", "path": "pilot.py", "inputs": inputs, "outputs": ["control"]}
    (own / "pilot.py").write_text(NODE.replace("@BODY", textwrap.indent(answer, " " * 8)))
    graph = own / "graph.yml"
    graph.write_text(json.dumps({"nodes": [world, pilot]}))
    return graph

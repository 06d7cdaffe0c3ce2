"""Maps with something wrong: mutations of small maps as a Hypothesis strategy, and an exerciser."""

from __future__ import annotations

import copy
import math

import numpy as np
from hypothesis import strategies as st
from lxml import etree

from concours.driving import roads
from concours.driving.roads import tables as t

NASTY = (
    "", " ", "0", "-0", "-1", "1", "2", "1e-9", "-1e-9", "1e9", "-1e9", "1e300", "-1e300",
    "1e-300", "nan", "inf", "-inf", "x", "1,5", "0x10", "1_0", "999999999999", "-1e308",
    "3.14159", "50", "99.999999", "100", "100.0000001", "start", "end", "road", "junction",
    "none", "both", "true", "LHT", "virtual", "direct", "normalized", "arcLength", "driving",
    "solid solid", "bidirectional", "\u0661",
)  # fmt: skip
OPERATIONS = (
    "set",
    "set",
    "set",
    "set",
    "scale",
    "drop",
    "delete",
    "double",
    "swap",
    "rename",
    "move",
)


@st.composite
def mutated(draw: st.DrawFn, sources: list[bytes], *, most: int = 6) -> bytes:
    """A map with up to `most` mutations, the last one perhaps of its bytes."""
    root = etree.fromstring(draw(st.sampled_from(sources)))
    for _ in range(draw(st.integers(1, most))):
        _mutate(draw, root)
    data = etree.tostring(root)
    if draw(st.integers(0, 9)) == 0 and data:
        at = draw(st.integers(0, len(data) - 1))
        data = data[:at] + draw(st.binary(max_size=4)) + data[at + draw(st.integers(0, 40)) :]
    return data


def _mutate(draw: st.DrawFn, root: etree._Element) -> None:
    nodes = list(root.iter(etree.Element))
    node = nodes[draw(st.integers(0, len(nodes) - 1))]
    operation = draw(st.sampled_from(OPERATIONS))
    if operation in ("set", "scale", "drop") and node.attrib:
        _mutate_attribute(draw, node, operation)
    elif node.getparent() is not None:
        _mutate_place(draw, nodes, node, operation)


def _mutate_attribute(draw: st.DrawFn, node: etree._Element, operation: str) -> None:
    name = draw(st.sampled_from(sorted(node.attrib)))
    if operation == "drop":
        del node.attrib[name]
    elif operation == "set":
        node.set(name, draw(st.sampled_from(NASTY)))
    else:
        _scale(draw, node, name)


def _mutate_place(
    draw: st.DrawFn, nodes: list[etree._Element], node: etree._Element, operation: str
) -> None:
    parent = node.getparent()
    if operation == "delete":
        parent.remove(node)
    elif operation == "double":
        for _ in range(draw(st.integers(1, 3))):
            node.addnext(copy.deepcopy(node))
    elif operation == "swap":
        parent.insert(draw(st.integers(0, len(parent) - 1)), node)
    elif operation == "rename":
        node.tag = draw(st.sampled_from([one.tag for one in nodes] + ["crossSectionSurface"]))
    elif operation == "move":
        other = nodes[draw(st.integers(0, len(nodes) - 1))]
        if node not in list(other.iterancestors()) and other is not node:
            other.append(node)


def _scale(draw: st.DrawFn, node: etree._Element, name: str) -> None:
    try:
        value = float(node.get(name) or 0)
    except ValueError:
        return
    factor = draw(st.sampled_from((-1.0, 0.0, 0.5, 2.0, 10.0, 1000.0)))
    node.set(name, repr(value * factor + draw(st.sampled_from((0.0, 1e-6, -1e-6, 1.0, -1.0)))))


def exercise(network: roads.RoadNetwork) -> None:
    """Ask everything of every road; answers are finite where the lane is there."""
    for road in network.road_ids[:8]:
        length = network.length(road)
        for s in (0.0, 0.3 * length, length):
            _exercise_at(network, road, s)
        network.stop_lines(road)
        network.objects(road)
        network.controllers(road)
        network.crossed_marks(road, (0.0, -8.0), (length, 8.0))
    _exercise_routes(network)
    x0, y0, x1, y1 = network.bounds()
    grid = np.linspace(0, 1, 5)
    found = network.locate_many(x0 + grid * (x1 - x0), y0 + grid[::-1] * (y1 - y0), within=100.0)
    assert np.isfinite(found.s[found.road >= 0]).all()


def _exercise_at(network: roads.RoadNetwork, road: str, s: float) -> None:
    assert all(math.isfinite(value) for value in network.road_pose(road, s, 2.0))
    network.marks(road, s)
    network.road_type(road, s)
    for lane in network.lanes(road, s):
        pose = network.lane_pose(road, lane, s)
        assert all(math.isfinite(value) for value in pose), pose
        assert math.isfinite(network.lane_width(road, lane, s))
        network.speed_limit(road, lane, s)
        network.access(road, lane, s)
        network.successors(road, lane, s)
        network.predecessors(road, lane, s)
        network.locate(pose.x, pose.y, pose.z, pose.heading)


def _exercise_routes(network: roads.RoadNetwork) -> None:
    ids = [
        (road, lane, 0.0)
        for road in network.road_ids
        for lane in network.lanes(road, 0.0, roads.DRIVABLE)[:1]
    ]
    for start, goal in zip(ids[:4], ids[::-1], strict=False):
        route = network.find_route(start, goal)
        assert route is None or math.isfinite(route.length)
    assert (network.tables.lanes[:, t.LANE_SECTION] >= 0).all()

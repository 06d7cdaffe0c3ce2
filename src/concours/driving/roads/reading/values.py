"""Values that several elements share: cubics, speeds."""

from __future__ import annotations

from concours.driving.roads.kinds import SPEED_UNITS
from concours.driving.roads.model import Cubic
from concours.driving.roads.reading.xml import Node, Reader


def cubic(reader: Reader, node: Node, start: str = "s", base: float = 0.0) -> Cubic:
    """(s, a, b, c, d) of an element; coefficients that are left out are 0."""
    a, b, c, d = (reader.number(node, name, 0.0) for name in "abcd")
    return (base + reader.number(node, start, 0.0), a, b, c, d)


def speed_of(reader: Reader, node: Node) -> float:
    """max in m/s; inf for "no limit", nan for "undefined" or what cannot be read."""
    given, unit = reader.text(node, "max"), reader.text(node, "unit")
    if given in ("no limit", "no_limit"):
        return float("inf")
    if given in ("undefined", ""):
        return float("nan")
    factor = SPEED_UNITS.get(unit)
    if factor is None:
        reader.warn("bad-value", f"unit={unit[:20]!r} of a speed is not known: m/s is used", node)
        factor = 1.0
    value = reader.soft(node, "max", float("nan"))
    if value < 0:
        reader.warn("bad-value", "a speed below 0 is not used", node)
        return float("nan")
    return value * factor

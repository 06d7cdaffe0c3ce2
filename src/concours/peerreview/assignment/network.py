"""A network of whole numbers and the solver of its cheapest flow.

OR-tools' cost-scaling push-relabel (Goldberg, "An efficient implementation of a scaling
minimum-cost flow algorithm", J. Algorithms 22, 1997).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ortools.graph.python import min_cost_flow

from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import IntArray

NodeArray = npt.NDArray[np.int32]
LARGEST_COST = 1 << 62


@dataclass(frozen=True, eq=False)
class Network:
    """Arcs and supplies; nodes are reviewers, then entries, then the source, then limits."""

    tail: NodeArray
    head: NodeArray
    capacity: IntArray
    cost: IntArray
    supply: IntArray


def solve(net: Network) -> IntArray | None:
    """(arcs,) flow, or None where there is none."""
    if not len(net.tail):
        return None if net.supply.any() else np.zeros(0, dtype=np.int64)
    refuse_large(net.cost, len(net.supply))
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(net.tail, net.head, net.capacity, net.cost)
    nodes = np.flatnonzero(net.supply)
    solver.set_nodes_supplies(nodes.astype(np.int32), net.supply[nodes])
    status = solver.solve()
    if status == solver.INFEASIBLE:
        return None
    if status != solver.OPTIMAL:
        raise BadInput(f"worth: the solver refuses these numbers ({status.name})")
    found = solver.flows(np.arange(len(net.tail), dtype=np.int32))
    return np.asarray(found, dtype=np.int64)


def refuse_large(cost: IntArray, nodes: int) -> None:
    """Raise BadInput where costs of a path through all nodes might overflow."""
    if int(np.abs(cost).max(initial=0)) * (nodes + 1) > LARGEST_COST:
        raise BadInput("worth: too large for so many nodes; scale the similarities down")

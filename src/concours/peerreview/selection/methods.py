"""The methods of selection by name."""

from __future__ import annotations

from typing import Protocol

from concours.peerreview.errors import BadInput
from concours.peerreview.selection.borda import PlainBorda
from concours.peerreview.selection.credible_subset import CredibleSubset
from concours.peerreview.selection.dollar_partition_raffle import DollarPartitionRaffle
from concours.peerreview.selection.exact_dollar_partition import ExactDollarPartition
from concours.peerreview.selection.partition import Partition
from concours.peerreview.selection.peer_nomination import PeerNomination
from concours.peerreview.selection.result import SelectionResult
from concours.peerreview.selection.task import SelectionTask


class Selector(Protocol):
    """A method of selection."""

    @property
    def name(self) -> str:
        """Name in SELECTORS."""

    def select(self, task: SelectionTask) -> SelectionResult:
        """Select task.size entries, exactly or in expectation as the class says."""


SELECTORS: dict[str, type[Selector]] = {
    "exact-dollar-partition": ExactDollarPartition,
    "peer-nomination": PeerNomination,
    "partition": Partition,
    "credible-subset": CredibleSubset,
    "dollar-partition-raffle": DollarPartitionRaffle,
    "borda": PlainBorda,
}


def method_named(name: str) -> Selector:
    """The method of this name; raises BadInput where there is none."""
    if name not in SELECTORS:
        raise BadInput(f"no method {name!r}: {', '.join(sorted(SELECTORS))}")
    return SELECTORS[name]()

"""Designs of a study, and the sums over its worlds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from concours.peerreview.simulation.tables import ScreeningRow, StudyRow, mean_and_error
from concours.peerreview.simulation.worlds import Worlds


@dataclass(frozen=True, kw_only=True)
class Design:
    """One way to run a season: the people, k, the parts and the method of assignment."""

    world: Worlds
    shares: dict[str, float]
    reviews_per_entry: int
    parts: int
    assignment: str

    def key(self) -> dict[str, Any]:
        """The fields that name the design in a table."""
        return {
            "world": self.world.name,
            "reviews_per_entry": self.reviews_per_entry,
            "parts": self.parts,
            "assignment": self.assignment,
            "bad_share": round(sum(self.shares.values()), 12),
        }


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a study looks at in every season; see `study`."""

    entries: int
    size: int
    methods: tuple[str, ...]
    selection: tuple[str, ...]
    level: float
    screening: bool
    gain_worlds: int


class Tally:
    """Values by method and measure, world by world."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], dict[str, list[float]]] = {}
        self.flagged: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.count: dict[str, int] = defaultdict(int)

    def add(self, method: tuple[str, str], **measures: float) -> None:
        """Note measures of (consensus, selection)."""
        kept = self.values.setdefault(method, defaultdict(list))
        for name, value in measures.items():
            kept[name].append(value)

    def rows(self, design: Design, worlds: int) -> list[StudyRow]:
        """One row a method."""
        out = []
        for (consensus_name, selection), measures in self.values.items():
            numbers: dict[str, Any] = {}
            for name in ("recall", "spearman", "coverage", "expected_recall", "gain", "places"):
                numbers[name], numbers[f"{name}_se"] = mean_and_error(measures.get(name, []))
            out.append(
                StudyRow(
                    consensus=consensus_name,
                    selection=selection,
                    worlds=worlds,
                    **design.key(),
                    **numbers,
                )
            )
        return out

    def screening(self, design: Design) -> list[ScreeningRow]:
        """One row a behaviour and detector."""
        out = []
        for (behaviour, kind), shares in self.flagged.items():
            mean, error = mean_and_error(shares)
            out.append(
                ScreeningRow(
                    behaviour=behaviour,
                    kind=kind,
                    reviewers=self.count[behaviour],
                    flagged=mean,
                    flagged_se=error,
                    **design.key(),
                )
            )
        return out

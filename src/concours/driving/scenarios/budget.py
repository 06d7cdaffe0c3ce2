"""What reading a scenario may cost."""

from __future__ import annotations

from dataclasses import dataclass

from concours.driving.scenarios.errors import BadScenario, Place

MAX_NODES = 1_000_000


@dataclass(slots=True)
class Budget:
    """What all readers of one loading have spent, and elements that they left out on purpose."""

    nodes: int = 0
    left_out: int = 0

    def spend(self, place: Place, tag: str) -> None:
        """One more node; raises BadScenario past MAX_NODES."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise BadScenario(
                f"more than {MAX_NODES} elements once catalogs are put in",
                place=place,
                element=tag,
                code="too-many-elements",
            )

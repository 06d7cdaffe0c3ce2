"""A scenario as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from concours.driving.scenarios.entities import Entities, ScenarioObject
from concours.driving.scenarios.findings import Finding
from concours.driving.scenarios.header import FileHeader
from concours.driving.scenarios.network import CatalogLocations, RoadNetwork
from concours.driving.scenarios.nodes import Node, child, node
from concours.driving.scenarios.parameters import (
    MonitorDeclarations,
    ParameterDeclarations,
    VariableDeclarations,
)
from concours.driving.scenarios.storyboard import Storyboard


@node
class Document(Node):
    """The root element of a scenario."""

    TAGS = ("OpenSCENARIO",)
    header: FileHeader | None = child("FileHeader", default=None)
    parameter_declarations: ParameterDeclarations | None = None
    variable_declarations: VariableDeclarations | None = None
    monitor_declarations: MonitorDeclarations | None = None
    catalog_locations: CatalogLocations | None = None
    road_network: RoadNetwork | None = None
    entities: Entities | None = None
    storyboard: Storyboard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What `load` returns.

    parameters: value of each parameter of the file, as text. elements: how many XML elements the
    file holds; left_out: how many elements nothing has read, in the file and in the entries of
    catalogs that it uses (findings name them). catalogs: the files of those
    catalogs. selections: members of each selection, in the order
    of the file.
    """

    path: Path
    document: Document
    parameters: dict[str, str]
    elements: int
    left_out: int
    findings: tuple[Finding, ...]
    catalogs: tuple[Path, ...] = ()
    entities: dict[str, ScenarioObject] = field(default_factory=dict)
    selections: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def storyboard(self) -> Storyboard:
        """The storyboard; an empty one where the file has none."""
        return self.document.storyboard or Storyboard()

    @property
    def road_network(self) -> RoadNetwork:
        """Map and signals; an empty one where the file has none."""
        return self.document.road_network or RoadNetwork()

    @property
    def map_name(self) -> str:
        """The map's path or name as the file says it; "" where it says none."""
        file = self.road_network.logic_file
        return file.filepath if file else ""

    @property
    def version(self) -> tuple[int, int]:
        """The standard's version that the header names."""
        header = self.document.header
        return (header.rev_major, header.rev_minor) if header else (1, 0)

    def members(self, name: str) -> tuple[str, ...]:
        """The entities that a name stands for: itself, or the members of a selection."""
        return self.selections.get(name, (name,))

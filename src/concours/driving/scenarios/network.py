"""Which map the scenario is on, and where its catalogs lie."""

from __future__ import annotations

from concours.driving.scenarios.entities import File
from concours.driving.scenarios.nodes import Node, child, node
from concours.driving.scenarios.positions import Position
from concours.driving.scenarios.signals import TrafficSignals


@node
class UsedArea(Node):
    """The part of the map that is used."""

    positions: tuple[Position, ...] = child("Position", default=())


@node
class RoadNetwork(Node):
    """The map's file, the scene's, the signals."""

    logic_file: File | None = child("LogicFile", default=None)
    scene_graph_file: File | None = child("SceneGraphFile", default=None)
    traffic_signals: TrafficSignals | None = None
    used_area: UsedArea | None = None


@node
class Directory(Node):
    """A folder."""

    path: str


@node
class CatalogLocation(Node):
    """Where catalogs of one kind lie."""

    directory: Directory


@node
class CatalogLocations(Node):
    """Where catalogs lie; a relative path starts at the scenario's folder."""

    vehicles: CatalogLocation | None = child("VehicleCatalog", default=None)
    controllers: CatalogLocation | None = child("ControllerCatalog", default=None)
    pedestrians: CatalogLocation | None = child("PedestrianCatalog", default=None)
    misc_objects: CatalogLocation | None = child("MiscObjectCatalog", default=None)
    environments: CatalogLocation | None = child("EnvironmentCatalog", default=None)
    maneuvers: CatalogLocation | None = child("ManeuverCatalog", default=None)
    trajectories: CatalogLocation | None = child("TrajectoryCatalog", default=None)
    routes: CatalogLocation | None = child("RouteCatalog", default=None)

    def directories(self) -> list[CatalogLocation]:
        """All that are given."""
        found = (
            self.vehicles,
            self.controllers,
            self.pedestrians,
            self.misc_objects,
            self.environments,
            self.maneuvers,
            self.trajectories,
            self.routes,
        )
        return [location for location in found if location is not None]

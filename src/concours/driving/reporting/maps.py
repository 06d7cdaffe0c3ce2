"""The maps of the runs, each read and drawn once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from concours.driving import roads
from concours.driving.closedloop import Run
from concours.driving.results import Driven
from concours.driving.roads import RoadNetwork
from concours.driving.viewing.content import origin_of
from concours.driving.viewing.ground import ground

FloatArray = npt.NDArray[np.float64]


class Maps:
    """Maps by the SHA-256 of their files.

    drawn: what the page needs of each, in the order in which runs ask for them.
    """

    def __init__(self, given: Mapping[str, RoadNetwork]) -> None:
        self.drawn: dict[str, Any] = {}
        self._networks = dict(given)

    def of(self, one: Driven) -> RoadNetwork | None:
        """The map of a run, where there is one and the sources hold it. Raises BadMap."""
        digest, contents = one.sources.map, one.sources.contents
        if one.drive.run.network is not None:
            return one.drive.run.network
        if digest in contents and digest not in self._networks:
            self._networks[digest] = roads.loads(contents[digest])
        return self._networks.get(digest)

    def origin(self, one: Driven, run: Run) -> tuple[str, FloatArray]:
        """A run's key in `drawn`, "" without a map, and (2,) where its coordinates begin (m)."""
        network = run.network
        if network is None:
            return "", origin_of(run.trace.values, None)
        key = one.sources.map or one.name
        x0, y0, x1, y1 = network.bounds()
        middle = np.rint(np.array([x0 + x1, y0 + y1]) / 2.0)
        if key not in self.drawn:
            self.drawn[key] = ground(network, middle)
        return key, middle

"""What can be said of a file before it is played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from concours.driving.scenarios.binding import Reader
from concours.driving.scenarios.catalogs import CatalogShelf, entries
from concours.driving.scenarios.curves import check_curves
from concours.driving.scenarios.elements import Element, read_file
from concours.driving.scenarios.entities import Controller, MiscObject, Pedestrian, Vehicle
from concours.driving.scenarios.environment import Environment
from concours.driving.scenarios.errors import BadScenario, Place
from concours.driving.scenarios.findings import Finding, Findings, Severity
from concours.driving.scenarios.loading import read, require_root
from concours.driving.scenarios.never import check_triggers
from concours.driving.scenarios.nodes import Node
from concours.driving.scenarios.positions import Route, Trajectory
from concours.driving.scenarios.scenario import Scenario
from concours.driving.scenarios.storyboard import Maneuver
from concours.driving.scenarios.support import Use, uses
from concours.driving.scenarios.unplaced import unplaced
from concours.driving.scenarios.variations import read_distribution, variations

ENTRIES: dict[str, type[Node]] = {
    cls.__name__: cls
    for cls in (
        Vehicle,
        Controller,
        Pedestrian,
        MiscObject,
        Environment,
        Maneuver,
        Trajectory,
        Route,
    )
}

VERSIONS = {("1", "0"), ("1", "1"), ("1", "2"), ("1", "3")}
"""Those of the standard that are known."""


@dataclass(frozen=True, slots=True)
class Checked:
    """kind: "scenario", "catalog", "distribution", or "" for a file that is none of them."""

    kind: str
    findings: list[Finding]
    uses: list[Use]

    @property
    def playable(self) -> bool:
        """Whether nothing found is an error."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


def check(
    path: str | Path,
    *,
    parameters: Mapping[str, str] | None = None,
    maps: Sequence[Path] = (),
) -> list[Finding]:
    """All that is wrong, odd or not supported in a scenario, a catalog or a distribution.

    maps: folders in which a map that is given by name is looked up. Never raises for what the file
    holds; time and memory are bounded as for `load`.
    """
    return examine(path, parameters=parameters, maps=maps).findings


def examine(
    path: str | Path,
    *,
    parameters: Mapping[str, str] | None = None,
    maps: Sequence[Path] = (),
) -> Checked:
    """As `check`, with the kind of the file and the elements that it uses."""
    findings = Findings()
    kind, used = "", []
    try:
        root = read_file(Path(path))
        require_root(root, Path(path))
        kind = _kind(root)
        _check_version(Path(path), root, findings)
        if kind == "catalog":
            used = _check_catalog(Path(path), root, findings)
        elif kind == "distribution":
            used = _check_distribution(Path(path), findings)
        else:
            used = _check_scenario(Path(path), parameters or {}, maps, findings)
    except BadScenario as error:
        findings.add_error(error)
    return Checked(kind, _sorted(findings), used)


def _sorted(findings: Findings) -> list[Finding]:
    """Errors first; then by file and line."""
    rank = {severity: number for number, severity in enumerate(Severity)}
    return sorted(findings.all, key=lambda each: (rank[each.severity], each.file, each.line))


def _kind(root: Element) -> str:
    if root.child("Storyboard") is None:
        if root.child("Catalog") is not None:
            return "catalog"
        if root.child("ParameterValueDistribution") is not None:
            return "distribution"
    return "scenario"


def _check_version(path: Path, root: Element, findings: Findings) -> None:
    """Note a version of the standard that is not known; one that cannot be read is told later."""
    header = root.child("FileHeader")
    if header is None:
        return
    said = tuple(header.attributes.get(name, "").strip() for name in ("revMajor", "revMinor"))
    if all(part.isdecimal() for part in said) and said not in VERSIONS:
        message = f"OpenSCENARIO {said[0][:9]}.{said[1][:9]} is not known: read like 1.3"
        place = Place(str(path), header.line)
        _note(findings, "unknown-version", message, place, "FileHeader", Severity.WARNING)


def _check_scenario(
    path: Path, parameters: Mapping[str, str], maps: Sequence[Path], findings: Findings
) -> list[Use]:
    reading = read(path, parameters=parameters, findings=findings)
    if reading is None:
        return []
    scenario = reading.scenario()
    _check_map(scenario, maps, findings)
    check_triggers(scenario, findings)
    for name in unplaced(scenario):
        message = f"nothing puts {name} anywhere: it is never in the scene"
        place = scenario.entities[name].place
        _note(findings, "never-placed", message, place, "ScenarioObject", Severity.WARNING)
    stop = scenario.storyboard.stop_trigger
    if stop is None or not stop.groups:
        _note(
            findings,
            "no-stop",
            "no stop trigger: it ends with its stories, or at the engine's own end of time",
            (stop or scenario.storyboard).place,
            "Storyboard",
            Severity.NOTE,
        )
    return uses(scenario.document)


def _check_map(scenario: Scenario, maps: Sequence[Path], findings: Findings) -> None:
    network = scenario.road_network
    name = scenario.map_name
    place = network.logic_file.place if network.logic_file else network.place
    if not place.file:  # there is no such element
        place = scenario.document.place
    if not name:
        _note(findings, "no-map", "names no map", place, "RoadNetwork", Severity.WARNING)
        return
    if find_map(scenario.path.parent, name, maps) is not None:
        return
    if Path(name).suffix.lower() == ".xodr" or "/" in name or "\\" in name:
        message = f"there is no map {name}"
        _note(findings, "missing-map", message, place, "LogicFile", Severity.ERROR)
    else:
        message = f"the map is named, not given: {name}.xodr is looked up in the folders of maps"
        _note(findings, "map-by-name", message, place, "LogicFile", Severity.NOTE)


def find_map(folder: Path, name: str, maps: Sequence[Path]) -> Path | None:
    """The map's file: the path from the scenario's folder, else by name in the folders of maps.

    CARLA's layered maps (Town01_Opt) have the roads of those without layers.
    """
    wanted = name.replace("\\", "/")
    candidates = [folder / wanted]
    called = Path(wanted).name
    for each in maps:
        plain = called.removesuffix("_Opt")
        candidates += [each / called, each / f"{called}.xodr", each / f"{plain}.xodr"]
    for candidate in candidates:
        try:
            if candidate.is_file():
                return candidate
        except (OSError, ValueError):
            continue
    return None


def _check_catalog(path: Path, root: Element, findings: Findings) -> list[Use]:
    shelf = CatalogShelf(path.parent, None, beside=True)
    reader = Reader(str(path), findings=findings, catalogs=shelf)
    root.seen = True
    header = root.child("FileHeader")
    if header is not None:
        _pass_over(header)
    found = entries(root, reader, ENTRIES)
    reader.note_unread(root)
    names: dict[tuple[str, str], Place] = {}
    used: list[Use] = []
    for node in found:
        key = (type(node).__name__, str(getattr(node, "name", "")))
        if key in names:
            message = f"the name {key[1]!r} is taken (line {names[key].line})"
            _note(findings, "duplicate-name", message, node.place, key[0], Severity.WARNING)
        names.setdefault(key, node.place)
        check_curves(node, findings)
        used += uses(node)
    return used


def _pass_over(element: Element) -> None:
    """A header says nothing that a catalog's entries depend on."""
    element.seen = True
    for inner in element.children:
        _pass_over(inner)


def _check_distribution(path: Path, findings: Findings) -> list[Use]:
    file = read_distribution(path, findings)
    varied = variations(path, seed=0)
    place = file.distribution.scenario_file.place
    if not varied.scenario.is_file():
        message = f"there is no scenario {file.distribution.scenario_file.filepath}"
        _note(findings, "missing-scenario", message, place, "ScenarioFile", Severity.ERROR)
    elif len(varied):
        try:
            read(varied.scenario, parameters=varied[0].parameters, findings=Findings())
        except BadScenario as error:
            findings.add_error(error)
    return uses(file)


def _note(
    findings: Findings, code: str, message: str, place: Place, element: str, severity: Severity
) -> None:
    findings.add(code, message, place=place, element=element, severity=severity)

"""From a file to a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from concours.driving.scenarios.binding import Broken, Reader
from concours.driving.scenarios.catalogs import CatalogShelf
from concours.driving.scenarios.elements import Element, read_file
from concours.driving.scenarios.entities import EntitySelection, Pedestrian, ScenarioObject, Vehicle
from concours.driving.scenarios.enums import ObjectType
from concours.driving.scenarios.errors import BadScenario, Place
from concours.driving.scenarios.findings import Findings
from concours.driving.scenarios.references import check_references
from concours.driving.scenarios.scenario import Document, Scenario


def load(path: str | Path, *, parameters: Mapping[str, str] | None = None) -> Scenario:
    """Read a scenario (ASAM OpenSCENARIO XML 1.0 to 1.3) with its catalogs.

    parameters: values in place of those that the file's ParameterDeclarations give.
    The map is not opened. Linear in the size of the files.
    Raises: BadScenario, with file, line and element, for what cannot be played.
    """
    findings = Findings()
    reading = read(Path(path), parameters=parameters or {}, findings=findings)
    findings.raise_first_error()
    if reading is None:  # an error has been noted, and raised above
        raise BadScenario("cannot be read", place=Place(str(path), 1))
    return reading.scenario()


@dataclass(slots=True)
class Reading:
    """A document that was read, and what was found on the way."""

    path: Path
    document: Document
    reader: Reader
    elements: int
    catalogs: tuple[Path, ...]

    def scenario(self) -> Scenario:
        """The scenario, without regard to errors among the findings."""
        entities = objects_by_name(self.document)
        return Scenario(
            path=self.path,
            document=self.document,
            parameters={name: self.reader.scope.text(name) for name in self.reader.scope},
            elements=self.elements,
            left_out=self.reader.budget.left_out,
            findings=tuple(self.reader.findings.all),
            catalogs=self.catalogs,
            entities=entities,
            selections={
                selection.name: members_of(selection, entities)
                for selection in (
                    self.document.entities.selections if self.document.entities else ()
                )
            },
        )


def read(path: Path, *, parameters: Mapping[str, str], findings: Findings) -> Reading | None:
    """The document of a scenario; None where it is broken beyond use (noted).

    Raises: BadScenario for a file that is no XML, or no scenario, or past a limit.
    """
    root = read_file(path)
    require_root(root, path)
    if root.child("Storyboard") is None:
        raise BadScenario(
            _what_else(root),
            place=Place(str(path), root.line),
            element=root.tag,
            code="no-scenario",
        )
    refuse_old(root, path)
    shelf = CatalogShelf(path.parent, root.child("CatalogLocations"))
    reader = Reader(str(path), findings=findings, catalogs=shelf)
    refuse_unknown(root, parameters, path)
    reader.overrides = dict(parameters)
    try:
        document = reader.read_root(Document, root)
    except Broken:
        reader.note_unread(root)
        return None
    reader.note_unread(root)
    for file, element in shelf.used.values():
        reader.elsewhere(file, scope=reader.scope, overrides={}).note_unread(element)
    used = tuple(dict.fromkeys(Path(file) for file, _ in shelf.used.values()))
    reading = Reading(path, document, reader, elements=root.count(), catalogs=used)
    check_references(document, reader)
    return reading


def require_root(root: Element, path: Path) -> None:
    """Raise BadScenario unless the root element is OpenSCENARIO."""
    if root.tag.lower() != "openscenario":
        raise BadScenario(
            "is not the root of an OpenSCENARIO file",
            place=Place(str(path), root.line),
            element=root.tag,
            code="no-scenario",
        )


def refuse_old(root: Element, path: Path) -> None:
    """Raise BadScenario for a file of version 0.9, whose elements are others."""
    network = root.child("RoadNetwork")
    if network is not None and network.child("Logics") is not None:
        raise BadScenario(
            "OpenSCENARIO 0.9 is not supported: convert the file to 1.0",
            place=Place(str(path), network.line),
            element="RoadNetwork",
            code="old-version",
        )


def refuse_unknown(root: Element, parameters: Mapping[str, str], path: Path) -> None:
    """Raise BadScenario for a value given to a parameter that the file does not declare."""
    declared = root.child("ParameterDeclarations")
    known = {each.attributes.get("name", "") for each in (declared.children if declared else ())}
    known = {name.removeprefix("$") for name in known}
    for name in parameters:
        if name not in known:
            raise BadScenario(
                f"declares no parameter {name}",
                place=Place(str(path), declared.line if declared else root.line),
                element="ParameterDeclarations" if declared else root.tag,
                code="unknown-parameter",
            )


def _what_else(root: Element) -> str:
    if root.child("Catalog"):
        return "is a catalog, not a scenario"
    if root.child("ParameterValueDistribution"):
        return "is a distribution of parameters, not a scenario: see `variations`"
    return "has no storyboard"


def objects_by_name(document: Document) -> dict[str, ScenarioObject]:
    """The entities by their names, in the order of the file; of equal names the first."""
    found: dict[str, ScenarioObject] = {}
    for each in document.entities.objects if document.entities else ():
        found.setdefault(each.name, each)
    return found


def members_of(
    selection: EntitySelection, entities: Mapping[str, ScenarioObject]
) -> tuple[str, ...]:
    """The names of a selection's members, in the order of the file."""
    kinds = {each.object_type for each in selection.members.types}
    named = {each.entity_ref for each in selection.members.refs}
    return tuple(name for name, each in entities.items() if name in named or kind_of(each) in kinds)


def kind_of(entity: ScenarioObject) -> ObjectType:
    """Whether the entity is a vehicle, a pedestrian or a thing; without an object, a vehicle."""
    if isinstance(entity.entity, Vehicle) or entity.entity is None:
        return ObjectType.VEHICLE
    if isinstance(entity.entity, Pedestrian):
        return ObjectType.PEDESTRIAN
    return ObjectType.MISCELLANEOUS

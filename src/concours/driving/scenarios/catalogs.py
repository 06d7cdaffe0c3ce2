"""Catalogs: files of vehicles, controllers, maneuvers ... that scenarios refer to by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from concours.driving.scenarios.binding import Broken, Reader
from concours.driving.scenarios.elements import Element, read_file
from concours.driving.scenarios.enums import ParameterType
from concours.driving.scenarios.errors import BadScenario
from concours.driving.scenarios.findings import Severity
from concours.driving.scenarios.network import CatalogLocations
from concours.driving.scenarios.nodes import Node, literal, node
from concours.driving.scenarios.parameters import (
    ParameterAssignments,
    ParameterDeclaration,
    Scope,
)

MAX_FILES = 500
MAX_NESTING = 16


@node
class CatalogReference(Node):
    """An entry of a catalog, with values for its parameters."""

    catalog_name: str
    entry_name: str
    assignments: ParameterAssignments | None = None


@node
class EntryName(Node):
    """What an entry is called."""

    name: str = literal("name", default="")


@dataclass(slots=True)
class CatalogFile:
    """One catalog: the file, and its <Catalog> element."""

    path: Path
    catalog: Element


class CatalogShelf:
    """The catalogs of one scenario, read when they are first asked for.

    A relative directory starts at the scenario's folder. A reference to catalog N is looked up in
    the files named N.xosc first, then in all other files of the directories, by the catalog's name.
    A catalog's own file in the place of its directory will do.
    beside: without locations, the folder itself is looked in (a catalog that refers to its own).
    """

    def __init__(self, folder: Path, locations: Element | None, *, beside: bool = False) -> None:
        self._folder = folder
        self._beside = beside
        self._locations = locations
        self._directories: list[Path] | None = None
        self._files: dict[Path, CatalogFile | None] = {}
        self._entered: list[tuple[Path, str]] = []
        self.used: dict[int, tuple[str, Element]] = {}

    def entry(self, asked: Element, choices: dict[str, type[Node]], reader: Reader) -> Node:
        """The node that the reference stands for.

        Raises: Broken (noted) where catalog or entry do not exist or catalogs refer in a circle.
        """
        reference = reader.read(CatalogReference, asked)
        found = self._find(reference, choices, reader)
        if found is None:
            raise reader.broken("unknown-catalog-entry", self._missing(reference), asked)
        file, element = found
        key = (file.path, reference.entry_name)
        if key in self._entered or len(self._entered) >= MAX_NESTING:
            raise reader.broken(
                "cyclic-catalog",
                f"catalog entry {reference.entry_name} refers to itself in the end",
                asked,
            )
        self._entered.append(key)
        try:
            return self._bound(file, element, reference, choices, reader)
        finally:
            self._entered.pop()

    def _bound(
        self,
        file: CatalogFile,
        element: Element,
        reference: CatalogReference,
        choices: dict[str, type[Node]],
        reader: Reader,
    ) -> Node:
        declared = element.child("ParameterDeclarations")
        names = {
            child.attributes.get("name", "").removeprefix("$")
            for child in (declared.children if declared else ())
        }
        scope, overrides = Scope(reader.scope), {}
        assignments = reference.assignments.assignments if reference.assignments else ()
        for assignment in assignments:
            name = assignment.parameter_ref
            overrides[name] = assignment.value
            if name not in names:
                scope.declare(
                    ParameterDeclaration(name=name, kind=ParameterType.STRING, value=""),
                    assignment.value,
                )
                reader.findings.add(
                    "unknown-parameter",
                    f"catalog entry {reference.entry_name} declares no parameter {name}",
                    place=assignment.place,
                    element="ParameterAssignment",
                    severity=Severity.WARNING,
                )
        inner = reader.elsewhere(
            str(file.path), scope=scope, overrides=overrides if declared else {}
        )
        self.used[id(element)] = (str(file.path), element)
        return inner.read(choices[element.tag], element)

    def _find(
        self, reference: CatalogReference, choices: dict[str, type[Node]], reader: Reader
    ) -> tuple[CatalogFile, Element] | None:
        for file in self._catalogs(reference.catalog_name, reader):
            for element in file.catalog.children:
                if element.tag in choices and (
                    element.attributes.get("name") == reference.entry_name
                ):
                    return file, element
        return None

    def _catalogs(self, name: str, reader: Reader) -> Iterator[CatalogFile]:
        paths = self._paths(reader)
        first = [path for path in paths if path.stem == name]
        for path in first:
            file = self._read(path, reader)
            if file is not None:
                yield file
        for path in paths:
            file = None if path in first else self._read(path, reader)
            if file is not None and file.catalog.attributes.get("name") == name:
                yield file

    def _paths(self, reader: Reader) -> list[Path]:
        if self._directories is None:
            self._directories = list(self._listed(reader))
        return self._directories

    def _listed(self, reader: Reader) -> Iterator[Path]:
        if self._locations is None:
            if self._beside:
                yield from sorted(self._folder.glob("*.xosc"))[:MAX_FILES]
            return
        for location in reader.read(CatalogLocations, self._locations).directories():
            folder = self._folder / location.directory.path.replace("\\", "/")
            try:
                paths = [folder] if folder.is_file() else sorted(folder.glob("*.xosc"))[:MAX_FILES]
            except (OSError, ValueError):
                paths = []
            if not paths:
                reader.findings.add(
                    "no-catalogs",
                    f"no catalogs in {location.directory.path}",
                    place=location.directory.place,
                    element="Directory",
                    severity=Severity.WARNING,
                )
            yield from paths

    def _read(self, path: Path, reader: Reader) -> CatalogFile | None:
        if path not in self._files:
            self._files[path] = None
            try:
                catalog = read_file(path).child("Catalog")
            except BadScenario as error:
                reader.findings.add(
                    error.code,
                    f"catalog left out: {error.message}",
                    place=error.place,
                    element=error.element,
                    severity=Severity.WARNING,
                )
                return None
            if catalog is not None:
                self._files[path] = CatalogFile(path, catalog)
        return self._files[path]

    def _missing(self, reference: CatalogReference) -> str:
        where = ", ".join(sorted({str(path.parent) for path in self._directories or ()}))
        return (
            f"no entry {reference.entry_name} in a catalog {reference.catalog_name}"
            f" (looked in: {where or 'no catalogs'})"
        )


def entries(root: Element, reader: Reader, kinds: dict[str, type[Node]]) -> list[Node]:
    """All entries of a catalog file, with their parameters' own values; broken ones are noted."""
    catalog = root.child("Catalog")
    found: list[Node] = []
    if catalog is None:
        return found
    catalog.seen = True
    for element in catalog.children:
        if element.tag in kinds:
            try:
                found.append(reader.read(kinds[element.tag], element))
            except Broken:
                continue
    return found

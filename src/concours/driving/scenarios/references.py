"""Names that stand for something: are they there, and only once?"""

from __future__ import annotations

from collections.abc import Iterable

from concours.driving.scenarios.binding import Reader
from concours.driving.scenarios.conditions import ParameterCondition, VariableCondition
from concours.driving.scenarios.controllers import ActivateControllerAction
from concours.driving.scenarios.curves import check_curves
from concours.driving.scenarios.entities import Controller, Entities, ObjectController
from concours.driving.scenarios.errors import Place
from concours.driving.scenarios.findings import Findings, Severity
from concours.driving.scenarios.nodes import Node
from concours.driving.scenarios.scenario import Document
from concours.driving.scenarios.signals import TrafficSignals
from concours.driving.scenarios.storyboard import Act, Event, Maneuver, ManeuverGroup, Story
from concours.driving.scenarios.walking import element_name, reference_fields, walk

# A condition on a name that is not there is never true; an action on it cannot be done.
_ASKING = (ParameterCondition, VariableCondition)
_NAMED = (Story, Act, ManeuverGroup, Maneuver, Event)
_SPOKEN = {"signal-controller": "traffic signal controller"}


def check_references(document: Document, reader: Reader) -> None:
    """Note what refers to nothing, names given twice, and curves that are none. Linear."""
    findings = reader.findings
    entities = document.entities or Entities()
    if not entities.objects:
        _note(findings, "no-entities", "there are no entities", document.entities or document)
    known = _known(document, entities, set(reader.scope))
    _check_twice(findings, [*entities.objects, *entities.selections], Severity.ERROR)
    for node in walk(document):
        for kind, field in reference_fields(type(node)):
            name = getattr(node, field)
            if name is not None and name not in known[kind]:
                _note_missing(findings, node, kind, name)
        _check_siblings(findings, node)
    check_curves(document, findings)


def _known(document: Document, entities: Entities, parameters: set[str]) -> dict[str, set[str]]:
    variables = document.variable_declarations
    monitors = document.monitor_declarations
    signals = (document.road_network and document.road_network.traffic_signals) or TrafficSignals()
    names = {each.name for each in entities.objects}
    names |= {each.name for each in entities.selections}
    return {
        "entity": names,
        "trailer": names | {""},
        "parameter": parameters,
        "variable": {each.name for each in variables.declarations} if variables else set(),
        "monitor": {each.name for each in monitors.declarations} if monitors else set(),
        "signal-controller": {each.name for each in signals.controllers},
        "controller": set(_controllers(document)),
    }


def _controllers(document: Document) -> Iterable[str]:
    """Those that entities have, and those that actions assign."""
    return (each.name for each in walk(document) if isinstance(each, Controller | ObjectController))


def _note_missing(findings: Findings, node: Node, kind: str, name: str) -> None:
    what = _SPOKEN.get(kind, kind)
    if isinstance(node, _ASKING):
        _note(
            findings,
            "never-true",
            f"there is no {what} {name!r}: never true",
            node,
            Severity.WARNING,
        )
    elif kind == "signal-controller":
        message = f"no {what} {name!r} in the scenario: it must be one of the map's"
        _note(findings, "unknown-signal-controller", message, node, Severity.WARNING)
    elif isinstance(node, ActivateControllerAction):
        _note(
            findings, "unknown-controller", f"there is no {what} {name!r}", node, Severity.WARNING
        )
    else:
        _note(findings, f"unknown-{kind}", f"there is no {what} {name!r}", node)


def _check_siblings(findings: Findings, node: Node) -> None:
    for field in ("stories", "acts", "groups", "maneuvers", "events", "actions"):
        inner = getattr(node, field, None)
        if isinstance(inner, tuple) and inner and isinstance(inner[0], _NAMED):
            _check_twice(findings, inner, Severity.WARNING)


def _check_twice(findings: Findings, nodes: Iterable[Node], severity: Severity) -> None:
    first: dict[str, Place] = {}
    for node in nodes:
        name: str = getattr(node, "name", "")
        if first.setdefault(name, node.place) != node.place:  # one entry twice is one name
            message = f"the name {name!r} is taken (line {first[name].line})"
            _note(findings, "duplicate-name", message, node, severity)


def _note(
    findings: Findings, code: str, message: str, node: Node, severity: Severity = Severity.ERROR
) -> None:
    findings.add(code, message, place=node.place, element=element_name(node), severity=severity)

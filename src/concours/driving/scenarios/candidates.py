"""Which elements a choice may take, and what is said where none is there."""

from __future__ import annotations

from collections.abc import Iterator

from concours.driving.scenarios.elements import Element
from concours.driving.scenarios.slots import Kind, Slot

# Elements that only group others: a choice looks through them.
WRAPPERS = frozenset(
    (
        "PrivateAction GlobalAction LongitudinalAction LateralAction RoutingAction"
        " AppearanceAction InfrastructureAction TrafficSignalAction TrailerAction"
        " ByValueCondition TrajectoryRef"
    ).split()
)


def candidates(wrapper: Element, slot: Slot, *, alone: bool) -> Iterator[Element]:
    """The elements that a choice may take: through wrappers, and where alone, unknown ones too."""
    for element in wrapper.children:
        if element.tag in slot.choices or element.tag == "CatalogReference":
            yield element
        elif element.tag in WRAPPERS:
            element.seen = True
            yield from candidates(element, slot, alone=alone)
        elif alone:
            yield element


def what_is_missing(slot: Slot) -> str:
    if slot.kind is Kind.CHOICE:
        return f"<{slot.names[0]}> is missing or empty"
    if len(slot.choices) > 5:
        return "nothing is in it"
    return f"<{' or '.join(slot.choices)}> is missing"


def mark(element: Element) -> None:
    stack = [element]
    while stack:
        taken = stack.pop()
        taken.seen = True
        stack.extend(taken.children)

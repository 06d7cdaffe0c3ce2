"""The projects of a landscape file: `landscape` > `subcategories` > `items` with their level.

The level `sandbox` is our stage in preparation. A category's name becomes the project's area.
https://github.com/cncf/landscape describes the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import yaml

from concours.platform.register.reading.files import SourceFile, texts
from concours.platform.register.reading.parts import (
    History,
    Reading,
    Step,
    Unusable,
    address_or_empty,
    day,
    in_order,
    named,
    slug_or_refuse,
)
from concours.platform.register.reading.safe_yaml import compose, entries, items, line_of, text
from concours.platform.register.stages import ARCHIVED, GRADUATED, INCUBATING, PREPARATION

LEVELS = {
    "sandbox": PREPARATION,
    "incubating": INCUBATING,
    "graduated": GRADUATED,
    "archived": ARCHIVED,
}
DAYS = {
    "accepted": PREPARATION,
    "incubating": INCUBATING,
    "graduated": GRADUATED,
    "archived": ARCHIVED,
}


def read_landscape(files: Iterable[SourceFile]) -> Reading:
    """Every item that has a level; the others, products of members, are passed over."""
    reading = Reading()
    for file, content in texts(files, reading):
        try:
            found = list(_items(content))
        except Unusable as fault:
            reading.refuse(file=file.name, line=fault.line, text=file.name, reason=fault.reason)
            continue
        for area, node in found:
            _take(reading, file=file, area=area, node=node)
    return reading


def _items(content: str) -> Iterator[tuple[str, yaml.Node]]:
    """(area, item) of the file. Raises Unusable where it is no landscape."""
    root = entries(compose(content))
    if "landscape" not in root:
        raise Unusable("has no list named landscape")
    for category in items(root["landscape"]):
        parts = entries(category)
        for subcategory in items(parts.get("subcategories")):
            for item in items(entries(subcategory).get("items")):
                yield text(parts.get("name")), item


def _take(reading: Reading, *, file: SourceFile, area: str, node: yaml.Node) -> None:
    line, item = line_of(node), entries(node)
    if item and not text(item.get("project")):
        reading.passed_over += 1
        return
    shown = text(item.get("name")) or "(an item without a name)"
    try:
        history = _history(item, area=area, digest=file.digest)
        reading.add(history, file=file.name, line=line)
    except Unusable as fault:
        reading.refuse(file=file.name, line=line, text=shown, reason=fault.reason)
        return
    for reason in _remarks(item, history):
        reading.remark(file=file.name, line=line, text=shown, reason=reason)


def _history(item: dict[str, yaml.Node], *, area: str, digest: str) -> History:
    name = named(text(item.get("name")))
    level = text(item.get("project")).lower()
    if level not in LEVELS:
        raise Unusable(f"{level!r} is no level; there are {', '.join(LEVELS)}")
    extra = entries(item.get("extra"))
    days = {key: day(text(extra.get(key)), what=f"extra.{key}") for key in DAYS}
    in_order(list(days.items()))
    repository = text(item.get("repo_url"))
    return History(
        slug=slug_or_refuse(name, repository.rpartition("/")[2]),
        name=name,
        steps=tuple(_steps(LEVELS[level], days)),
        digest=digest,
        homepage=address_or_empty(text(item.get("homepage_url"))) or address_or_empty(repository),
        area=area[:200],
    )


def _steps(level: str, days: dict[str, date | None]) -> list[Step]:
    """The steps that the dates tell, up to the level, whose own day may be unknown."""
    steps: list[Step] = []
    for key, stage in DAYS.items():
        on = days[key]
        if stage == level:
            steps.append(Step(stage=stage, on=on))
            break
        if on is not None:
            steps.append(Step(stage=stage, on=on))
    beyond = [key for key, stage in DAYS.items() if days[key] and _after(stage, level)]
    if beyond:
        raise Unusable(f"its level is {level}, and it has a day for {', '.join(beyond)}")
    # Accepted at a higher level: it entered there and was not in preparation for no time.
    first = days["accepted"]
    if len(steps) > 1 and first is not None and steps[1].on == first and steps[1].stage != ARCHIVED:
        return steps[1:]
    return steps


def _after(stage: str, level: str) -> bool:
    order = list(DAYS.values())
    return order.index(stage) > order.index(level)


def _remarks(item: dict[str, yaml.Node], history: History) -> Iterator[str]:
    if history.steps[-1].on is None:
        yield f"the day it came to {history.stage} is not told"
    address = text(item.get("homepage_url"))
    if address and not address_or_empty(address):
        yield "its home page is no web address; left out"

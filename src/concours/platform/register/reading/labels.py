"""Label files as OpenDigger keeps them: one file a project, and an index.yml of the foundation.

They tell no stage and no day: each project gets the stage the caller names, from an unknown day.
https://github.com/X-lab2017/open-digger/tree/master/labeled_data describes the form.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

import yaml

from concours.platform.register.reading.files import SourceFile, texts
from concours.platform.register.reading.parts import (
    MOST_SUMMARY,
    History,
    Reading,
    Step,
    Unusable,
    address_or_empty,
    named,
    slug_or_refuse,
)
from concours.platform.register.reading.safe_yaml import compose, entries, items, line_of, text
from concours.platform.register.stages import CANDIDATE, STAGES

INDEX = "index.yml"
HOSTS = {"GitHub": "https://github.com/", "Gitee": "https://gitee.com/"}


def read_labels(files: Iterable[SourceFile], *, stage: str = CANDIDATE) -> Reading:
    """Every label file of a project, and what the index names without a file of it.

    Raises ValueError for an unknown `stage`.
    """
    if stage not in STAGES:
        raise ValueError(f"{stage} is no stage")
    reading = Reading()
    seen: set[str] = set()
    indexes: list[tuple[SourceFile, yaml.Node]] = []
    for file, content in texts(files, reading):
        try:
            root = compose(content)
            if root is not None and PurePosixPath(file.name).name == INDEX:
                indexes.append((file, root))
                continue
            seen.add(PurePosixPath(file.name).stem)
            reading.add(_label(file, root, stage), file=file.name, line=0)
        except Unusable as fault:
            reading.refuse(file=file.name, line=fault.line, text=file.name, reason=fault.reason)
    for file, root in indexes:
        _look_at_index(reading, file=file, root=root, seen=seen)
    return reading


def _label(file: SourceFile, root: yaml.Node | None, stage: str) -> History:
    parts = entries(root)
    if not parts:
        raise Unusable("is no label: a mapping with name, type and data is wanted")
    if text(parts.get("type")) != "Project":
        raise Unusable(f"its type is {text(parts.get('type'))!r}, not Project")
    name = named(text(parts.get("name")))
    return History(
        slug=slug_or_refuse(name, PurePosixPath(file.name).stem),
        name=name,
        steps=(Step(stage=stage, on=None),),
        digest=file.digest,
        summary=text(parts.get("description"))[:MOST_SUMMARY],
        summary_zh=text(parts.get("description_zh"))[:MOST_SUMMARY],
        homepage=_address(parts.get("data")),
    )


def _address(data: yaml.Node | None) -> str:
    """The first repository or organisation that the label names on a host we know."""
    for platform in items(entries(data).get("platforms")):
        parts = entries(platform)
        host = HOSTS.get(text(parts.get("name")), "")
        for place in (*items(parts.get("repos")), *items(parts.get("orgs"))):
            name = text(entries(place).get("name"))
            if host and name:
                return address_or_empty(host + name)
    return ""


def _look_at_index(reading: Reading, *, file: SourceFile, root: yaml.Node, seen: set[str]) -> None:
    for node in items(entries(entries(root).get("data")).get("labels")):
        label = text(node)
        if label.rpartition("/")[2] not in seen:
            reading.refuse(
                file=file.name,
                line=line_of(node),
                text=label,
                reason="the index names it, and there is no file of it",
            )

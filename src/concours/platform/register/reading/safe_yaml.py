"""YAML of strangers: nothing is constructed, and what grows when read is refused.

Only nodes are made: text stays text, and each knows its line. Aliases are refused altogether,
for a few hundred bytes of them stand for billions of nodes.
"""

from __future__ import annotations

from typing import Any

import yaml

from concours.platform.register.reading.parts import Unusable

MOST_DEPTH = 20
MOST_EVENTS = 2_000_000
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(text: str) -> yaml.Node | None:
    """The document's root; None where it is empty.

    Raises Unusable, with the line where there is one, for what is no YAML, more than one document,
    an alias, a depth over MOST_DEPTH or more than MOST_EVENTS nodes and ends.
    """
    try:
        _look_through(text)
        # The loader makes nodes here and no objects; S506 is about objects.
        return yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise Unusable(f"no YAML: {error.problem}", line=line) from None
    except yaml.YAMLError as error:
        raise Unusable(f"no YAML: {error}".splitlines()[0]) from None


def entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """What a mapping has under its plain keys; empty for anything else."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """What a list has in it; empty for anything else."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def text(node: yaml.Node | None) -> str:
    """A plain value as it is written, without space around; empty for anything else and null."""
    if not isinstance(node, yaml.ScalarNode) or node.tag == "tag:yaml.org,2002:null":
        return ""
    return str(node.value).strip()


def line_of(node: yaml.Node) -> int:
    """The line that `node` begins in, from 1."""
    return int(node.start_mark.line) + 1


def _look_through(text: str) -> None:
    """Before anything is built: parsing alone does not recurse."""
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=LOADER)):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if number > MOST_EVENTS:
            raise Unusable(f"more than {MOST_EVENTS:,} nodes", line=line)
        if isinstance(event, yaml.AliasEvent):
            raise Unusable("has an alias (*name); write the value out", line=line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH:
            raise Unusable(f"nested more than {MOST_DEPTH} deep", line=line)

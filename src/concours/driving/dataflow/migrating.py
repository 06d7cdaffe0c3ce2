"""Graphs written for old versions of dora (0.1, 0.2), made to run on version 1.

The old form is that of dora-rs/dora 0.1 and 0.2 and of the graphs in dora-rs/dora-drives; the new
one is what `dora validate` of version 1.1 takes. Comments, order and what is right already stay.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from concours.driving.dataflow.graph import MOST_BYTES, BadGraph, require_shape, require_small

TOP = ("nodes", "deploy", "debug", "health_check_interval", "strict_types",
       "exit_when_nodes_finish", "type_rules", "env")  # fmt: skip
NODE = ("id", "name", "description", "path", "path_sha256", "args", "env", "operators", "operator",
        "ros2", "outputs", "output_types", "output_framing", "inputs", "input_types",
        "output_metadata", "pattern", "send_stdout_as", "send_logs_as", "min_log_level",
        "max_log_size", "max_rotated_files", "build", "git", "hub", "branch", "tag", "rev",
        "restart_policy", "shared_memory_pool_size", "max_restarts", "restart_delay",
        "max_restart_delay", "restart_window", "health_check_timeout", "finish_grace_secs",
        "module", "params", "cpu_affinity", "deploy", "startup_timeout")  # fmt: skip
RENAMED = {"_unstable_deploy": "deploy"}
PYTHON = re.compile(
    r"\s*(?:python3?|python3\.\d+)\s+(?P<file>[^\s;&|<>$]+\.py)(?P<rest>[^;&|<>$]*)$"
)
SHELL = "a shell command: runs only with --allow-shell-nodes; name a program in its place"
TIMER = re.compile(r"dora/timer/(?:millis|secs|hz)/\d+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was changed at a line, or has to be by hand.

    Attributes:
        line: in the old text, from 1. what: in words. done: whether the new text has it.
    """

    line: int
    what: str
    done: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """A graph made new.

    Attributes:
        text: the new graph. changes: in the order of lines. sources: the Python files it names, as
            it names them.
    """

    text: str
    changes: tuple[Change, ...]
    sources: tuple[str, ...] = ()


def migrate(text: str) -> Migrated:
    """Make an old graph new; a graph that is new already comes back as it is.

    Raises BadGraph for what is no YAML or has no list of nodes.
    """
    if len(text) > MOST_BYTES:
        raise BadGraph(f"the graph has more than {MOST_BYTES} bytes")
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        graph = yaml.load(text)
    except (YAMLError, RecursionError, ValueError) as error:
        raise BadGraph(f"the graph is no YAML: {error}") from None
    if not isinstance(graph, CommentedMap) or not isinstance(graph.get("nodes"), CommentedSeq):
        raise BadGraph("the graph has no list of nodes")
    require_small(graph)
    for node in graph["nodes"]:
        require_shape(node)
    work = _Work()
    work.top(graph)
    for node in graph["nodes"]:
        if isinstance(node, CommentedMap):
            work.node(node)
    work.wires(graph["nodes"])
    changes = tuple(sorted(work.changes, key=lambda one: one.line))
    if not any(one.done for one in changes):
        return Migrated(text=text, changes=changes, sources=tuple(work.sources))
    made = io.StringIO()
    yaml.dump(graph, made)
    return Migrated(text=made.getvalue(), changes=changes, sources=tuple(work.sources))


class _Work:
    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.sources: list[str] = []

    def _tell(self, where: Any, key: Any, what: str, *, done: bool = True) -> None:
        line = where.lc.key(key)[0] if key in (where.lc.data or {}) else where.lc.line
        self.changes.append(Change(line=line + 1, what=what, done=done))

    def top(self, graph: CommentedMap) -> None:
        """Sections beside the nodes."""
        for key in [one for one in graph if one not in TOP]:
            if key == "communication":
                self._tell(graph, key, "'communication' is dropped: dora finds its own way")
                del graph[key]
            else:
                self._unknown(graph, key, "the graph")

    def node(self, node: CommentedMap) -> None:
        """One node."""
        if "custom" in node:
            self._custom(node)
        for key in ("inputs", "outputs"):
            if key in node and node[key] is None:
                self._tell(node, key, f"the empty {key!r} is dropped")
                del node[key]
        if "operator" in node:
            self._operator(node["operator"], node, "operator")
        for operator in node.get("operators") or []:
            self._operator(operator, node, "operators")
        if "path" in node:
            self._source(node["path"])
        elif not {"operator", "operators", "ros2", "module", "hub"} & set(node):
            self._tell(node, "id", f"node {node.get('id')!r} says nowhere what it runs", done=False)
        for key in [one for one in node if one not in NODE]:
            self._unknown(node, key, f"node {node.get('id')!r}")

    def _custom(self, node: CommentedMap) -> None:
        """custom: {source, args, ...} -> path and the rest in the node itself."""
        custom = node["custom"]
        if not isinstance(custom, CommentedMap):
            self._tell(node, "custom", "'custom' is no mapping", done=False)
            return
        at = list(node).index("custom")
        self._tell(node, "custom", "what stood in 'custom' stands in the node itself")
        entries = self._entries(node, custom)
        del node["custom"]
        for key, value in reversed(entries):
            if key in node:
                self._clash(node, custom, key, value)
            else:
                node.insert(at, key, value)

    def _entries(self, node: CommentedMap, custom: CommentedMap) -> list[tuple[str, Any]]:
        """What comes in the place of a `custom`."""
        found: list[tuple[str, Any]] = []
        for key in custom:
            if key in ("source", "run"):
                self._tell(custom, key, f"{key!r} is called 'path'")
                found += self._program(custom, key, custom[key], custom.get("args"))
            elif key == "args" and {"source", "run"} & set(custom):
                continue  # goes with the program
            else:
                found.append((key, custom[key]))
        return found

    def _program(
        self, custom: CommentedMap, key: str, source: Any, args: Any
    ) -> list[tuple[str, Any]]:
        """path and args; a shell that only starts Python becomes the Python file."""
        words = str(source)
        if words == "shell" and args is not None:
            words = str(args).strip()
            fits = PYTHON.match(words)
            if fits is None:
                self._tell(custom, key, SHELL, done=False)
                return [("path", source), ("args", args)]
            self._tell(custom, "args", f"the shell that starts {fits['file']} is left out")
        else:
            fits = PYTHON.match(words)
            if fits is None:
                return self._split(custom, key, words, args)
        rest = fits["rest"].strip()
        if "args" in custom and str(source) != "shell":
            rest = f"{rest} {custom['args']}".strip()
        return [("path", fits["file"]), *([("args", rest)] if rest else [])]

    def _split(
        self, custom: CommentedMap, key: str, words: str, args: Any
    ) -> list[tuple[str, Any]]:
        """A program and, where the old `run` had them in the same line, its arguments."""
        program, _, rest = words.strip().partition(" ")
        if key != "run" or not rest:
            return [("path", words), *([("args", args)] if args is not None else [])]
        self._tell(custom, key, "the arguments after the program stand in 'args'")
        return [("path", program), ("args", f"{rest} {args or ''}".strip())]

    def _clash(self, node: CommentedMap, custom: CommentedMap, key: str, value: Any) -> None:
        """The same key in `custom` and in the node: variables are put together, else told."""
        if key == "env" and isinstance(node[key], CommentedMap) and isinstance(value, CommentedMap):
            for name, one in value.items():
                node[key].setdefault(name, one)
        else:
            self._tell(custom, key, f"{key!r} stands in 'custom' and in the node: the node's is "
                       "kept", done=False)  # fmt: skip

    def _operator(self, operator: Any, node: CommentedMap, key: str) -> None:
        """An operator: Python stays, what version 1 has no runtime for is told."""
        if not isinstance(operator, CommentedMap):
            self._tell(node, key, f"{key!r} is no mapping", done=False)
            return
        for key in ("inputs", "outputs"):
            if key in operator and operator[key] is None:
                self._tell(operator, key, f"the empty {key!r} is dropped")
                del operator[key]
        if isinstance(inputs := operator.get("inputs"), CommentedMap) and isinstance(
            inputs.get("outputs"), CommentedSeq
        ):
            self._tell(inputs, "outputs", "'outputs' stood among the inputs")
            operator["outputs"] = inputs.pop("outputs")
        python = operator.get("python")
        if python is not None:
            self._source(python.get("source") if isinstance(python, CommentedMap) else python)
        if "wasm" in operator:
            self._tell(operator, "wasm", "operators in WebAssembly are no more", done=False)

    def wires(self, nodes: CommentedSeq) -> None:
        """Inputs that lead nowhere."""
        given = _given(nodes)
        for where in _with_inputs(nodes):
            inputs = where["inputs"]
            for name, told in inputs.items():
                source = told.get("source") if isinstance(told, CommentedMap) else told
                self._wire(inputs, name, str(source), given)

    def _wire(self, inputs: CommentedMap, name: str, source: str, given: dict[str, str]) -> None:
        if TIMER.match(source) or given.get(source) == source:
            return
        if source in given:
            self._tell(inputs, name, f"input {name!r}: the source is called {given[source]!r}")
            told = inputs[name]
            if isinstance(told, CommentedMap):
                told["source"] = given[source]
            else:
                inputs[name] = given[source]
            return
        kind = "a timer that is none" if source.startswith("dora/") else "an output that is nowhere"
        self._tell(inputs, name, f"input {name!r} listens to {source!r}, {kind}", done=False)

    def _source(self, path: Any) -> None:
        if isinstance(path, str) and path.endswith(".py") and path not in self.sources:
            self.sources.append(path)

    def _unknown(self, where: CommentedMap, key: str, of: str) -> None:
        """A key that version 1 does not take."""
        new = RENAMED.get(key)
        if new and new not in where:
            self._tell(where, key, f"{key!r} is called {new!r}")
            where.insert(list(where).index(key), new, where.pop(key))
        else:
            self._tell(where, key, f"{key!r} of {of} is not known to version 1", done=False)


def _with_inputs(nodes: CommentedSeq) -> list[CommentedMap]:
    """Nodes and operators that listen."""
    found: list[Any] = []
    for node in nodes:
        if isinstance(node, CommentedMap):
            found += [node, node.get("operator"), *(node.get("operators") or [])]
    return [
        one
        for one in found
        if isinstance(one, CommentedMap) and isinstance(one.get("inputs"), CommentedMap)
    ]


def _given(nodes: CommentedSeq) -> dict[str, str]:
    """Each output as it may be called -> as it is called."""
    found: dict[str, str] = {}
    for node in nodes:
        if not isinstance(node, CommentedMap):
            continue
        name = node.get("id")
        for output in node.get("outputs") or []:
            found[f"{name}/{output}"] = f"{name}/{output}"
        single = node.get("operator")
        if isinstance(single, CommentedMap):
            own = single.get("id", "op")
            for output in single.get("outputs") or []:
                found[f"{name}/{own}/{output}"] = found[f"{name}/{output}"] = f"{name}/{output}"
        for operator in node.get("operators") or []:
            if isinstance(operator, CommentedMap):
                for output in operator.get("outputs") or []:
                    whole = f"{name}/{operator.get('id')}/{output}"
                    found[whole] = whole
    return found

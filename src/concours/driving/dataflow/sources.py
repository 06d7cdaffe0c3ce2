"""Python nodes and operators written for old versions of dora: what of them has to change.

Until version 0.3 an input came as bytes, event["data"]; now it is an Arrow array, event["value"].
"""

from __future__ import annotations

import ast

from concours.driving.dataflow.migrating import Change, Migrated

BYTES = '["value"].to_numpy().tobytes()'
"""The same bytes out of an Arrow array."""
HANDLERS = ("on_event", "on_input")


def migrate_source(text: str) -> Migrated:
    """Make an old node's or operator's Python source new.

    event["data"] is written anew so that it gives the same bytes; what else has changed is told.
    A source that is no Python is told as one finding.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        what = f"this is no Python: {error}"
        line = getattr(error, "lineno", None) or 1
        return Migrated(text=text, changes=(Change(line=line, what=what, done=False),))
    nodes = _made_by(tree, "Node")
    events = _events(tree, nodes)
    found = [one for one in ast.walk(tree) if _is_data(one, events)]
    changes = [Change(line=_place(one)[0], what=f'{name}["data"] is {name}{BYTES}')
               for one in found if (name := _name(one))]  # fmt: skip
    changes += _by_hand(tree, nodes)
    made = _rewritten(text, found)
    return Migrated(text=made, changes=tuple(sorted(changes, key=lambda one: one.line)))


def _made_by(tree: ast.AST, name: str) -> set[str]:
    """Variables that are set to what a class makes."""
    found = set()
    for one in ast.walk(tree):
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call):
            called = one.value.func
            if (called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")) == name:
                found |= {target.id for target in one.targets if isinstance(target, ast.Name)}
    return found


def _is_next(call: ast.AST, nodes: set[str]) -> bool:
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "next"
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in nodes
    )


def _events(tree: ast.AST, nodes: set[str]) -> set[str]:
    """Variables that hold an event: of an operator's method, of a loop, of next()."""
    found = set()
    for one in ast.walk(tree):
        if isinstance(one, ast.FunctionDef) and one.name in HANDLERS and len(one.args.args) > 1:
            found.add(one.args.args[1].arg)
        elif isinstance(one, ast.For) and isinstance(one.target, ast.Name):
            if isinstance(one.iter, ast.Name) and one.iter.id in nodes:
                found.add(one.target.id)
        elif isinstance(one, ast.Assign) and _is_next(one.value, nodes):
            found |= {target.id for target in one.targets if isinstance(target, ast.Name)}
    return found


def _is_data(one: ast.AST, events: set[str]) -> bool:
    return (
        isinstance(one, ast.Subscript)
        and isinstance(one.value, ast.Name)
        and one.value.id in events
        and isinstance(one.ctx, ast.Load)
        and isinstance(one.slice, ast.Constant)
        and one.slice.value == "data"
    )


def _name(one: ast.AST) -> str:
    value = getattr(one, "value", None)
    return value.id if isinstance(value, ast.Name) else ""


def _by_hand(tree: ast.AST, nodes: set[str]) -> list[Change]:
    called = _called_by_themselves(tree)
    found = []
    for one in ast.walk(tree):
        what = ""
        if isinstance(one, ast.FunctionDef) and one.name == "on_input" and one not in called:
            what = "on_input is called no more: write on_event, and act where the type is INPUT"
        elif _takes_apart(one, nodes):
            what = "next() gives one event, a dict with type, id, value and metadata"
        if what:
            found.append(Change(line=_place(one)[0], what=what, done=False))
    return found


def _called_by_themselves(tree: ast.AST) -> set[ast.AST]:
    """Methods on_input of classes that have an on_event to call them."""
    found: set[ast.AST] = set()
    for one in ast.walk(tree):
        if isinstance(one, ast.ClassDef):
            methods = [each for each in one.body if isinstance(each, ast.FunctionDef)]
            if any(each.name == "on_event" for each in methods):
                found |= {each for each in methods if each.name == "on_input"}
    return found


def _takes_apart(one: ast.AST, nodes: set[str]) -> bool:
    """Whether an event is taken for a tuple: of next(), or of a loop over a node."""
    parts = ast.Tuple | ast.List
    if isinstance(one, ast.Assign):
        return _is_next(one.value, nodes) and isinstance(one.targets[0], parts)
    return (
        isinstance(one, ast.For)
        and isinstance(one.iter, ast.Name)
        and one.iter.id in nodes
        and isinstance(one.target, parts)
    )


def _rewritten(text: str, found: list[ast.AST]) -> str:
    """The text with each found subscript replaced, from the end to the start."""
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    for one in sorted(found, key=_place, reverse=True):
        if not isinstance(one, ast.Subscript) or one.end_lineno is None:
            continue
        first, last = one.lineno - 1, one.end_lineno - 1
        head, tail = lines[first][: one.col_offset], lines[last][one.end_col_offset :]
        lines[first : last + 1] = [head + f"{_name(one)}{BYTES}".encode() + tail]
    return b"".join(lines).decode()


def _place(one: ast.AST) -> tuple[int, int]:
    return getattr(one, "lineno", 0), getattr(one, "col_offset", 0)

"""Graphs and nodes for old versions of dora: known answers, and laws for any graph."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

pytest.importorskip("ruamel.yaml", reason="ruamel.yaml is not installed: the extra `dora`")

from ruamel.yaml import YAML

from concours.cli.drive import app
from concours.driving.dataflow import BadGraph, migrate, migrate_source
from concours.driving.dataflow.graph import require_small

OLD = """\
communication:
  zenoh:
    prefix: /demo

nodes:
  # where pictures come from
  - id: eye
    custom:
      source: shell
      args: python3 eye.py --fast
      inputs:
        tick: dora/timer/millis/100
      outputs: [image]
  - id: logger
    custom:
      run: ./bin/logger --size 3
      inputs:
        image: eye/image
  - id: pilot
    operator:
      python: pilot.py   # steers
      inputs:
        image: eye/image
      outputs:
        - control
  - id: wheel
    operators:
      - id: turn
        python: turn.py
        inputs:
          control: pilot/op/control
          outputs:
            - done
"""
NEW = """\
nodes:
  # where pictures come from
  - id: eye
    path: eye.py
    args: --fast
    inputs:
      tick: dora/timer/millis/100
    outputs: [image]
  - id: logger
    path: ./bin/logger
    args: --size 3
    inputs:
      image: eye/image
  - id: pilot
    operator:
      python: pilot.py   # steers
      inputs:
        image: eye/image
      outputs:
        - control
  - id: wheel
    operators:
      - id: turn
        python: turn.py
        inputs:
          control: pilot/control
        outputs:
          - done
"""


def plain(text: str) -> object:
    return YAML(typ="safe", pure=True).load(text)


def test_an_old_graph_is_made_new_and_every_change_is_told_by_its_line() -> None:
    done = migrate(OLD)

    assert plain(done.text) == plain(NEW)
    assert "# where pictures come from" in done.text
    assert "# steers" in done.text
    told = {(one.line, one.what.split(":")[0]) for one in done.changes}
    assert {line for line, _ in told} == {1, 8, 9, 10, 15, 16, 31, 32}
    assert all(one.done for one in done.changes)
    assert done.sources == ("eye.py", "pilot.py", "turn.py")


def test_a_new_graph_comes_back_byte_by_byte() -> None:
    odd = NEW.replace("    path: eye.py\n", "    path:   'eye.py'  # as it was\n")

    assert migrate(odd).text == odd
    assert migrate(odd).changes == ()


def test_what_cannot_be_converted_is_a_finding() -> None:
    text = """\
nodes:
  - id: a
    custom:
      source: shell
      args: cd x && ./run | tee log
      inputs:
        lost: nobody/thing
        clock: dora/timer/often
  - id: b
    colour: red
  - id: c
    operator:
      wasm: c.wasm
"""

    left = {(one.line, one.what) for one in migrate(text).changes if not one.done}

    assert {line for line, _ in left} == {4, 7, 8, 9, 10, 13}
    told = " ".join(what for _, what in left)
    for word in ("allow-shell-nodes", "nobody/thing", "timer that is none", "colour", "WebAssembly",
                 "nowhere what it runs"):  # fmt: skip
        assert word in told


BOMB = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}' if i else 'x'] * 10)}]\n" for i in range(12))


@pytest.mark.parametrize(
    "text",
    [
        "nodes: [", "a: 1", "[]", "nodes: 3", "&a [*a", "nodes: [7]",
        BOMB + "nodes:\n  - id: a\n    path: a.py\n    outputs: *a11\n",
        "nodes:\n  - id: a\n    operators: 3\n",
        "nodes:\n  - id: a\n    custom: {source: a.py, outputs: b}\n",
        "nodes:\n  - id: a\n    operator: {python: a.py, inputs: [b]}\n",
    ],
)  # fmt: skip
def test_what_is_no_graph_is_refused(text: str) -> None:
    with pytest.raises(BadGraph):
        migrate(text)


def test_what_holds_itself_is_refused() -> None:
    endless: list[object] = []
    endless.append({"again": endless})

    with pytest.raises(BadGraph, match="unfold"):
        require_small(endless)


names = st.text("abcdefgh", min_size=1, max_size=5)
wires = st.dictionaries(names, st.builds("{}/{}".format, names, names), max_size=3)
customs = st.fixed_dictionaries(
    {"source": st.sampled_from(["a.py", "./b", "shell"])},
    optional={"args": st.sampled_from(["python3 c.py --x", "-v", "ls; ls"]), "inputs": wires,
              "outputs": st.lists(names, max_size=3)},
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(names, customs, min_size=1, max_size=4))
def test_nothing_old_remains_and_twice_is_once(nodes: dict[str, object]) -> None:
    import json

    text = json.dumps({"nodes": [{"id": name, "custom": one} for name, one in nodes.items()]})

    done = migrate(text)

    made = plain(done.text)
    assert isinstance(made, dict)
    assert [node["id"] for node in made["nodes"]] == list(nodes)
    assert all("custom" not in node and node["path"] for node in made["nodes"])
    for node, old in zip(made["nodes"], nodes.values(), strict=True):
        assert isinstance(old, dict)
        assert set(node.get("inputs") or {}) == set(old.get("inputs") or {})
    assert migrate(done.text).text == done.text


def test_dora_takes_what_was_made(tmp_path: Path) -> None:
    pytest.importorskip("dora_cli", reason="dora-rs-cli is not installed: the extra `dora`")
    for name in ("eye.py", "pilot.py", "turn.py"):
        (tmp_path / name).touch()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "logger").touch()
    (tmp_path / "old.yml").write_text(OLD)
    (tmp_path / "new.yml").write_text(migrate(OLD).text)
    program = "import sys; from dora_cli import py_main; sys.exit(py_main())"

    codes = {
        name: subprocess.run(
            [sys.executable, "-c", program, "validate", str(tmp_path / name)],
            capture_output=True, timeout=60, check=False,
        ).returncode
        for name in ("old.yml", "new.yml")
    }  # fmt: skip

    assert codes["old.yml"] != 0
    assert codes["new.yml"] == 0


SOURCE = """\
import numpy as np
from dora import Node
class Operator:
    def on_event(self, dora_event, send_output):
        é = np.frombuffer(dora_event["data"], np.float32); other = {"data": 1}
        return other["data"]
node = Node()
for event in node:
    x = (event["data"],
         event['data'])
"""


def test_bytes_of_events_come_from_arrays_now() -> None:
    done = migrate_source(SOURCE)

    assert [one.line for one in done.changes] == [5, 9, 10]
    assert done.text.count('["value"].to_numpy().tobytes()') == 3
    assert 'return other["data"]' in done.text
    assert migrate_source(done.text).changes == ()


def test_the_bytes_are_the_same() -> None:
    arrow = pytest.importorskip("pyarrow")
    sent = np.arange(5, dtype=np.float32).tobytes()
    event = {"value": arrow.array(np.frombuffer(sent, np.uint8))}
    made = migrate_source("def on_event(self, event, send):\n    return event['data']\n").text
    namespace: dict[str, object] = {}
    exec(made, namespace)  # noqa: S102

    assert namespace["on_event"](None, event, None) == sent  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("def on_input(self, i, send): pass", "on_event"),
        ("from dora import Node\nnode = Node()\na, b, c = node.next()", "one event"),
        ("from dora import Node\nnode = Node()\nfor a, b, c in node: pass", "one event"),
        ("def on_event(:", "no Python"),
    ],
)
def test_what_of_a_source_is_left_to_do(text: str, word: str) -> None:
    done = migrate_source(text)

    assert [one.done for one in done.changes] == [False]
    assert word in done.changes[0].what
    assert done.text == text


def test_an_on_input_that_on_event_calls_stays() -> None:
    done = migrate_source(
        "class Operator:\n"
        "    def on_event(self, event, send):\n"
        "        return self.on_input(event, send)\n"
        "    def on_input(self, event, send):\n"
        "        send('control', event['data'])\n"
    )

    assert [one.done for one in done.changes] == [True]
    assert "event['data']" not in done.text


def test_the_command_writes_both_and_says_what_is_left(tmp_path: Path) -> None:
    (tmp_path / "pilot.py").write_text(SOURCE)
    graph = tmp_path / "old.yml"
    graph.write_text("nodes:\n- id: pilot\n  custom: {source: pilot.py, outputs: [a]}\n")
    out = tmp_path / "new.yml"
    command = ["migrate", str(graph), "-o", str(out)]

    first = CliRunner().invoke(app, command)
    second = CliRunner().invoke(app, [*command, "--sources"])
    third = CliRunner().invoke(app, ["migrate", str(tmp_path / "none.yml")])

    assert (first.exit_code, second.exit_code, third.exit_code) == (1, 0, 2)
    assert f"{graph}:3: " in first.output
    assert 'event["value"]' in (tmp_path / "pilot.py").read_text()
    assert plain(out.read_text()) == {
        "nodes": [{"id": "pilot", "path": "pilot.py", "outputs": ["a"]}]
    }

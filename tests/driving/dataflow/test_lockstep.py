"""A dataflow asked in lock-step; what goes wrong is told in bounded time and leaves nothing."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from concours.driving.agents import AgentFailed, AgentSpec, Control, FailureKind, Missed
from tests.factories.agents import limits
from tests.factories.dataflows import ANSWER, SPEED, dataflow

pytest.importorskip("dora", reason="dora-rs is not installed: the extra `dora`")
pytest.importorskip("dora_cli", reason="dora-rs-cli is not installed: the extra `dora`")

from concours.driving.agents.spec import Briefing, PlanPoint
from concours.driving.dataflow import DoraAgent

IMAGE = {"type": "sensor.camera.rgb", "id": "image"}


def agent(graph: Path, **changed: Any) -> DoraAgent:
    return DoraAgent(AgentSpec(path=graph), limits(**changed))


def ask(flow: DoraAgent, frame: int, **more: Any) -> Any:
    readings = {"speed": (frame, {"speed": 0.5 * frame}), **more}
    return flow.step(frame=frame, timestamp=0.05 * frame, readings=readings)


def left_behind(mark: Path) -> list[str]:
    """Processes whose command line or environment names a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                told = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(mark).encode() in told:
                found.append(told.decode("utf-8", "replace"))
    return found


def test_every_frame_is_answered_once_in_order_with_what_was_sent(tmp_path: Path) -> None:
    answer = (
        "print('SEEN', sorted(name for name, at in seen if at == frame), told['readings'])\n"
        "node.send_output('control', numbers(0.0, frame / 1000, 0.0), told)"
    )
    with agent(dataflow(tmp_path, answer=answer)) as flow:
        sensors = flow.start(Briefing(lat_ref=1.0))

        answers = [ask(flow, frame) for frame in range(300)]
        flow.stop()

    assert sensors == [SPEED]
    assert answers == [Control(steer=frame / 1000) for frame in range(300)]
    assert (flow.usage.steps, flow.usage.missed) == (300, 0)
    assert "['speed']" in flow.log
    assert left_behind(tmp_path) == []


PILOT = """
import json
import pyarrow as pa
from dora import Node
node = Node()
told, plan = {}, None
for event in node:
    if event["type"] != "INPUT":
        continue
    if event["id"] == "briefing":
        plan = json.loads(event["value"][0].as_py())
    else:
        told.setdefault(event["metadata"]["frame"], {})[event["id"]] = event
    for frame in [one for one in told if plan and {"tick", "image"} <= set(told[one])]:
        image = told.pop(frame)["image"]
        pixels = image["value"].to_numpy().reshape(image["metadata"]["shape"])
        control = {"steer": plan["plan"][0]["x"] / 100 + plan["lat_ref"] / 1000,
                   "throttle": int(pixels[:, 1].sum()) / 2**30}
        raw = json.dumps(control).encode()
        data = pa.Array.from_buffers(pa.uint8(), len(raw), [None, pa.py_buffer(raw)])
        node.send_output("control", data, {"frame": frame})
"""


def test_nodes_are_briefed_and_large_readings_arrive_whole(tmp_path: Path) -> None:
    graph = dataflow(tmp_path, sensors=(SPEED, IMAGE))
    (graph.parent / "pilot.py").write_text(PILOT)
    image = np.random.default_rng(5).integers(0, 255, (2**21, 4), np.uint8)
    plan = (PlanPoint(x=12.5, y=0.0, z=0.0, heading=0.0, latitude=0.0, longitude=0.0),)
    with agent(graph) as flow:
        flow.start(Briefing(plan=plan, lat_ref=3.0))

        answers = [ask(flow, frame, image=(frame, image)) for frame in range(3)]

    expected = Control(steer=0.128, throttle=int(image[:, 1].sum()) / 2**30)
    assert answers == [expected] * 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        ("sys.exit(3)", FailureKind.EXITED, "has ended"),
        ("os.kill(os.getpid(), 9)", FailureKind.EXITED, "has ended"),
        ("time.sleep(1000)", FailureKind.HUNG, "1 steps without an answer"),
        ("node.send_output('control', numbers(0.1, 0.0, 0.0), {'frame': frame + 1})",
         FailureKind.PROTOCOL, "frame 1 in the place of 0"),
        ("node.send_output('control', numbers(0.1, 0.0, 0.0), {})",
         FailureKind.PROTOCOL, "without the metadata 'frame'"),
        ("node.send_output('control', numbers(float('nan'), 0.0, 0.0), told)",
         FailureKind.BAD_CONTROL, "throttle is nan"),
        ("node.send_output('control', numbers(1, 2), told)",
         FailureKind.BAD_CONTROL, "double x 2"),
    ],
)  # fmt: skip
def test_what_ends_a_run(tmp_path: Path, answer: str, kind: FailureKind, reason: str) -> None:
    with agent(dataflow(tmp_path, answer=answer), first_step_seconds=4.0) as flow:
        flow.start(Briefing())
        start = time.monotonic()

        with pytest.raises(AgentFailed) as caught:
            ask(flow, 0)

    assert time.monotonic() - start < 20.0
    assert caught.value.kind is kind
    assert reason in caught.value.reason
    assert left_behind(tmp_path) == []


@pytest.mark.slow
def test_a_late_answer_is_thrown_away(tmp_path: Path) -> None:
    slow = f"time.sleep(1.5 if frame == 1 else 0)\n{ANSWER}"
    with agent(dataflow(tmp_path, answer=slow), step_seconds=1.0, missed_steps=2) as flow:
        flow.start(Briefing())

        answers = [ask(flow, frame) for frame in range(4)]

    assert answers[0] == answers[3] == Control(throttle=0.25)
    assert answers[1] == Missed(frame=1)


def test_nodes_reach_no_other_network_and_no_other_file(tmp_path: Path) -> None:
    bait = tmp_path / "scenario.xosc"
    bait.write_text("where everybody will be")
    answer = (
        "import socket\n"
        "told_all = []\n"
        f"for probe in (lambda: open({str(bait)!r}), lambda: socket.create_connection("
        "('192.0.2.1', 80), 1)):\n"
        "    try:\n"
        "        probe(); told_all.append('reached')\n"
        "    except OSError as error:\n"
        "        told_all.append(type(error).__name__)\n"
        "print('PROBED', told_all)\n" + ANSWER
    )
    with agent(dataflow(tmp_path, answer=answer)) as flow:
        flow.start(Briefing())
        if flow.usage.isolation["network"].startswith("missing"):
            pytest.skip("this machine gives no network of its own")
        ask(flow, 0)
        flow.stop()

    assert "PROBED ['PermissionError', 'OSError']" in flow.log


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nodes: [", "is no YAML"),
        ("nodes: {}", "no list of nodes"),
        ("nodes:\n- id: pilot\n  path: pilot.py", "0 nodes 'concours'"),
        ("nodes:\n- id: a\n  custom: {source: a.py}", "concours drive migrate"),
        ("nodes:\n- id: concours\n  inputs: {tick: a/b}", "one input, 'control'"),
        ("nodes:\n- id: a\n  path: a.py\n  build: pip install a", "'build' cannot be used"),
        ("nodes:\n- id: concours\n  inputs: {control: a/b}\n  env: {CONCOURS_SENSORS: '{'}",
         "is no JSON"),
    ],
)  # fmt: skip
def test_a_graph_that_cannot_be_driven_is_a_bad_file(
    tmp_path: Path, text: str, reason: str
) -> None:
    graph = tmp_path / "graph.yml"
    graph.write_text(text)

    with agent(graph) as flow, pytest.raises(AgentFailed) as caught:
        flow.start(Briefing())

    assert caught.value.kind is FailureKind.BAD_FILE
    assert reason in caught.value.reason

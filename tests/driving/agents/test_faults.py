"""Agents that fail: each is told apart, in bounded time, and the engine goes on."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from concours.driving.agents import (
    AgentFailed,
    AgentSpec,
    Control,
    FailureKind,
    IsolationMissing,
    Missed,
    gist,
)
from tests.driving.agents.running import drive, fail, process_of, run
from tests.driving.agents.test_isolation import WITHOUT
from tests.factories.agents import agent, limits

pytestmark = pytest.mark.usefixtures("either_way")


@pytest.mark.parametrize("where", ["setup", "sensors", "step", "destroy"])
def test_what_is_raised_is_told_with_its_traceback(tmp_path: Path, where: str) -> None:
    file = agent(tmp_path, **{where: "raise KeyError('no such lane')"})

    failed = fail(file)

    assert failed.kind is FailureKind.RAISED
    assert "KeyError: 'no such lane'" in failed.reason
    assert "agent.py" in failed.reason


def test_half_a_character_in_what_is_raised_can_be_written_to_a_file(tmp_path: Path) -> None:
    failed = fail(agent(tmp_path, step=r"raise ValueError('half \udc00')"))

    assert failed.reason.rstrip().endswith("ValueError: half \ufffd")
    str(failed).encode()


@pytest.mark.parametrize(
    ("top", "reason"),
    [
        ("this is no Python", "SyntaxError"),
        ("import a_package_that_is_nowhere", "ModuleNotFoundError"),
        ("def get_entry_point():\n    return 'Nobody'", "'Nobody'"),
        ("class Other:\n    sensors = run_step = None", "more than one agent"),
    ],
)
def test_a_file_without_an_agent_is_a_bad_file(tmp_path: Path, top: str, reason: str) -> None:
    failed = fail(agent(tmp_path, top=top))

    assert failed.kind is FailureKind.BAD_FILE
    assert reason in failed.reason


def test_a_file_that_is_not_there_is_a_bad_file(tmp_path: Path) -> None:
    assert fail(tmp_path / "nowhere.py").kind is FailureKind.BAD_FILE


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("None", "None"),
        ("{'throttle': float('nan')}", "throttle is nan"),
        ("{'steer': float('inf')}", "steer is inf"),
        ("{'throttle': '0.5'}", "throttle is a str"),
        ("{'brake': 10 ** 400}", "too large"),
        ("{'throtle': 0.5}", "throtle"),
        ("[0.5, 0.0, 0.0]", "list"),
        ("type('E', (), {'throttle': type('F', (), {'__float__': lambda s: 1.0})(),"
         " 'steer': 0, 'brake': 0})()", "throttle is a F"),
    ],
)  # fmt: skip
def test_what_is_not_a_control_ends_the_run(tmp_path: Path, answer: str, reason: str) -> None:
    failed = fail(agent(tmp_path, step=f"return {answer}"))

    assert failed.kind is FailureKind.BAD_CONTROL
    assert reason in failed.reason


def test_out_of_range_is_cut_and_counted(tmp_path: Path) -> None:
    answers, process = run(agent(tmp_path, step="return {'throttle': 7, 'steer': -1.5}"), 2)

    assert answers == [Control(throttle=1.0, steer=-1.0, clamped=True)] * 2
    assert process.usage.clamped == 2


@pytest.mark.parametrize(
    ("sensors", "reason"),
    [
        ("return None", "NoneType"),
        ("return [{'type': 'sensor.lidar.ray_cast'}]", "no id"),
        (r"return [{'type': 'sensor.lidar.ray_cast', 'id': 'half \udc00'}]", "short string"),
        ("return [{'type': 't', 'id': 'a'}, {'type': 't', 'id': 'a'}]", "two sensors"),
        ("return [{'type': 't', 'id': 'a', 'x': float('nan')}]", "x is neither"),
        ("return [{'type': 't', 'id': str(i)} for i in range(1000)]", "1000 sensors"),
        ("return [{'type': 't', 'id': 'a', 'x': [1]}]", "x is neither"),
    ],
)
def test_what_is_no_list_of_sensors(tmp_path: Path, sensors: str, reason: str) -> None:
    failed = fail(agent(tmp_path, sensors=sensors))

    assert failed.kind is FailureKind.BAD_SENSORS
    assert reason in failed.reason


def test_sensors_that_the_track_forbids(tmp_path: Path) -> None:
    file = agent(tmp_path, sensors="return [{'type': 'sensor.truth', 'id': 'all'}]")

    def check(sensors: list[dict[str, str | float | int | bool]]) -> None:
        raise ValueError(f"{sensors[0]['type']} is not allowed")

    with (
        process_of(AgentSpec(path=file), limits()) as process,
        pytest.raises(AgentFailed) as caught,
    ):
        process.start(check=check)

    assert caught.value.kind is FailureKind.BAD_SENSORS
    assert caught.value.reason == "sensor.truth is not allowed"


@pytest.mark.parametrize("how", ["time.sleep(1000)", "while True: pass"])
def test_hanging_in_a_step(tmp_path: Path, how: str) -> None:
    failed = fail(agent(tmp_path, step=how), first_step_seconds=0.5)

    assert failed.kind is FailureKind.HUNG


def test_hanging_before_the_start(tmp_path: Path) -> None:
    failed = fail(agent(tmp_path, setup="time.sleep(1000)"), setup_seconds=5.0, within=30.0)

    assert failed.kind is FailureKind.HUNG


def test_a_step_without_an_answer_is_missed_and_its_late_answer_thrown_away(
    tmp_path: Path,
) -> None:
    step = """
        frame = input_data["speed"][0]
        if frame == 1:
            time.sleep(1.0)
        return {"throttle": frame / 10}
    """
    with process_of(
        AgentSpec(path=agent(tmp_path, step=step)), limits(missed_steps=1, step_seconds=0.5)
    ) as process:
        process.start()
        first = process.step(frame=0, timestamp=0.0, readings={"speed": (0, 0.0)})
        slow = process.step(frame=1, timestamp=0.05, readings={"speed": (1, 0.0)})
        time.sleep(2.0)
        third = process.step(frame=2, timestamp=0.1, readings={"speed": (2, 0.0)})

    assert first == Control(throttle=0.0)
    assert slow == Missed(frame=1)
    assert third == Control(throttle=0.2)
    assert (process.usage.steps, process.usage.missed) == (2, 1)


def test_sleeping_a_little_is_no_fault(tmp_path: Path) -> None:
    answers, _ = run(agent(tmp_path, step="time.sleep(0.05); return {'brake': 1}"), 3)

    assert answers == [Control(brake=1.0)] * 3


@pytest.mark.parametrize(
    ("how", "kind", "reason"),
    [
        ("sys.exit(3)", FailureKind.EXITED, "SystemExit: 3"),
        ("os._exit(3)", FailureKind.EXITED, "exited with 3"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", None, ""),
        ("import ctypes; ctypes.string_at(0)", FailureKind.KILLED, "SIGSEGV"),
    ],
)
def test_leaving(tmp_path: Path, how: str, kind: FailureKind | None, reason: str) -> None:
    failed = fail(agent(tmp_path, step=how))

    # In a namespace of its own a process is the first one, which its own signals do not kill.
    assert failed.kind in ([kind] if kind else [FailureKind.KILLED, FailureKind.BAD_CONTROL])
    assert reason in failed.reason


@pytest.mark.parametrize(
    "how",
    [
        "data = []\nwhile True: data.append(bytearray(16_000_000))",
        "import numpy\nreturn numpy.ones(10 ** 12)",
    ],
)
def test_allocating_without_end(tmp_path: Path, how: str) -> None:
    failed = fail(agent(tmp_path, step=how), memory=2**30)

    assert failed.kind is FailureKind.MEMORY


def test_using_up_the_cpu_time(tmp_path: Path) -> None:
    failed = fail(agent(tmp_path, step="while True: pass"), cpu_seconds=1)

    assert failed.kind is FailureKind.CPU


def test_printing_without_end_is_kept_by_head_and_tail(tmp_path: Path) -> None:
    step = """
        for i in range(20_000):
            os.write(1, b"x" * 1000)
        os.write(2, b"the last line")
        return {"throttle": 0.5}
    """

    answers, process = run(agent(tmp_path, setup="print('first line')", step=step))

    assert answers == [Control(throttle=0.5)]
    assert process.log.startswith("first line")
    assert process.log.endswith("the last line")
    assert len(process.log) < 2 * 65_536 + 100
    assert "bytes left out" in process.log


def test_a_layer_that_the_machine_lacks_is_asked_for(tmp_path: Path) -> None:
    file = agent(tmp_path)
    with process_of(AgentSpec(path=file), limits()) as process:
        drive(process)
    lacking = [name for name, what in process.usage.isolation.items() if "missing" in what]
    if not lacking:
        pytest.skip("this machine lacks no layer of isolation")

    with (
        process_of(AgentSpec(path=file), limits(require=(lacking[0],))) as strict,
        pytest.raises(IsolationMissing, match=lacking[0]),
    ):
        strict.start()


def test_the_engine_goes_on(tmp_path: Path) -> None:
    fail(agent(tmp_path, step="os._exit(1)"))

    answers, _ = run(agent(tmp_path))

    assert answers == [Control(throttle=0.25)]


def test_signals_without_a_name_are_told_by_number(tmp_path: Path) -> None:
    step = "os.kill(os.getpid(), 40); time.sleep(1); return {'brake': 1}"
    spec = AgentSpec(path=agent(tmp_path, step=step), wrapper=WITHOUT["without namespaces"])

    with process_of(spec, limits()) as process, pytest.raises(AgentFailed) as caught:
        drive(process)

    assert caught.value.kind is FailureKind.KILLED
    assert caught.value.reason == "killed by signal 40"


@pytest.mark.parametrize(
    "fault",
    [
        {"step": "raise ValueError(chr(0xd800) + chr(0) + chr(27) + '[2J')"},
        {"sensors": "return [{'type': 't', 'id': chr(0xd800) + chr(0), 'x': None}]"},
        {"step": "print(chr(0) + chr(27) + '[2J', flush=True); return None"},
        {"step": "return {chr(0xd800) + chr(0): 1}"},
    ],
)
def test_what_an_agent_says_can_be_written_anywhere(tmp_path: Path, fault: dict[str, str]) -> None:
    failed = fail(agent(tmp_path, **fault))

    for text in (failed.reason, failed.log):
        assert text.encode().decode() == text
        assert not set(text) & {"\0", "\x1b", "\x7f"}


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("raise ValueError('first\\n  second\\nthird')", "ValueError: first"),
        ("raise ExceptionGroup('all', [ValueError(1), KeyError(2)])", "ExceptionGroup: all"),
        ("return None", "run_step returned None, not a control"),
    ],
)
def test_the_gist_of_a_fault_is_what_was_raised(tmp_path: Path, step: str, words: str) -> None:
    assert gist(fail(agent(tmp_path, step=step)).reason).startswith(words)


def test_the_gist_of_a_fault_that_says_little_is_its_last_line() -> None:
    assert [gist(text) for text in ("", "\n", "one", "one\ntwo\n")] == ["", "", "one", "two"]

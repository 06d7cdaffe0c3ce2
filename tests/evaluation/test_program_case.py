"""The entrant's program and the organiser's, in real boxes; whose fault is whose."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from concours.evaluation import (
    CaseOrder,
    CaseResult,
    CaseState,
    load,
    orders,
    prepare,
    run_case,
)
from concours.evaluation.cases import faulted
from concours.evaluation.sealing import derived
from tests.factories.evaluators import ADDS, MANIFEST, write_archive, write_evaluator

First = Callable[..., CaseResult]
Make = Callable[..., list[CaseOrder]]
SECRET = b"a secret of some length"
FAILURE = {"right": 0.0, "error": 1000.0}


def printing(text: str) -> str:
    """A scoring program that prints this."""
    return f"print({text!r})"


def test_a_right_answer_is_scored(first: First) -> None:
    result = first()
    assert result.state is CaseState.SCORED
    assert result.values == {"right": 100.0, "error": 0.0}
    assert (result.code, result.reason) == ("", "")
    assert result.log == "adding 3\n"
    assert result.layers["box"]
    assert result.seconds > 0


def test_what_is_printed_cannot_steer_a_terminal_or_break_a_page(first: First) -> None:
    says = """
import sys, pathlib
print("\\x1b[2Jgone \\u202etxt \\0", flush=True)
sys.stdout.buffer.write(b"half \\xed\\xa0\\x80\\r\\nnext\\rlast")
pathlib.Path("a" * 200 + "\\u202e").write_text("")
sys.exit(1)
"""
    result = first(says.replace("pathlib.Path(", "pathlib.Path('/scratch', "))
    assert result.state is CaseState.FAILED
    assert result.log.startswith("\ufffd[2Jgone \ufffdtxt \ufffd\nhalf ")
    assert result.log.endswith("\nnext\nlast")
    assert result.reason.isprintable()


def test_a_wrong_answer_and_none_are_what_the_judge_says(first: First) -> None:
    result = first('print("nothing is written")')
    assert result.state is CaseState.SCORED
    assert result.values == {"right": 0.0, "error": 1000.0}


def test_what_the_judge_says_to_people_is_in_the_log(first: First) -> None:
    says = "import sys\nprint('three numbers, well added', file=sys.stderr)\n"
    result = first(score=says + printing('{"right": 100, "error": 0}'))
    assert result.log == "adding 3\nthree numbers, well added\n"


@pytest.mark.parametrize(
    ("main", "code", "told"),
    [
        ("1 / 0", "exit", "exited with 1"),
        ("import os; os.abort()", "signal", "SIGABRT"),
        ("import os; os._exit(77)", "exit", "exited with 77"),
        ("while True: pass", "cpu", "CPU"),
        ("x = bytearray(2**30)", "exit", "exited with 1"),
        ("x = [bytearray(2**20) for _ in range(10**6)]", "exit", "exited with 1"),
        ("while True: print('x' * 1000)", "output", "bytes"),
        ("import sys\nwhile True: sys.stderr.write('x' * 1000)", "output", "bytes"),
    ],
)
def test_what_the_entrants_program_does_wrong_is_a_scored_failure(
    first: First, main: str, code: str, told: str
) -> None:
    result = first(main)
    assert result.state is CaseState.FAILED
    assert result.values == FAILURE
    if code == "exit" and result.code == "memory":
        return  # with control groups the kernel says so before Python does
    assert result.code == code
    assert told in result.reason


def test_sleeping_too_long_is_a_failure(boxed: None, ordered: Make) -> None:
    text = MANIFEST.replace("wall_seconds = 120", "wall_seconds = 1")
    order = ordered("import time; time.sleep(600)", manifest=text)[0]
    result = run_case(order)
    assert (result.state, result.code) == (CaseState.FAILED, "time")
    assert result.seconds < 110


def test_a_gigabyte_of_output_is_no_ones_loss(first: First) -> None:
    main = (
        "import os\n"
        "with open(os.environ['CONCOURS_OUTPUT'] + '/sum.txt', 'wb') as file:\n"
        "    for _ in range(1024): file.write(bytes(2**20))\n"
    )
    result = first(main)
    assert result.state is CaseState.FAILED
    assert result.values == FAILURE


@pytest.mark.parametrize(
    ("score", "told"),
    [
        (printing('{"right": NaN, "error": 0}'), "NaN is no number"),
        (printing('{"right": 50}'), "lacks error"),
        (printing('{"right": 50, "error": 0, "bonus": 1}'), "not declared: 'bonus'"),
        (printing('{"right": "50", "error": 0}'), "which is no number"),
        (printing('{"right": 5000, "error": 0}'), "0 to 100 is declared"),
        ("pass", "printed no result"),
        ("raise SystemError('out of order')", "out of order"),
        ("import os; os.abort()", "the scoring program failed"),
        ("while True: print('x' * 1000)", "the scoring program failed"),
    ],
)
def test_what_the_evaluator_does_wrong_is_not_the_entrants_fault(
    first: First, score: str, told: str
) -> None:
    result = first(score=score)
    assert result.state is CaseState.FAULTED
    assert result.code == "result"
    assert told in result.reason
    assert result.values == {}


LOOKS = """\
import json, os, pathlib, sys
found = []
for top, folders, files in os.walk("/"):
    if top in ("/proc", "/sys", "/usr", "/dev", sys.prefix, sys.base_prefix):
        folders.clear(), files.clear()
    for name in files:
        try:
            text = pathlib.Path(top, name).read_bytes()
        except OSError:
            continue
        if BAIT in text:
            found.append(os.path.join(top, name))
print(json.dumps([found, sorted(os.environ), os.listdir("/input"), os.path.exists("/expected")]))
"""


def test_the_program_sees_its_input_and_nothing_of_the_judge(
    first: First, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUD_KEY", "bait-of-the-environment")
    # The judge's program holds the bait as well; so does this test, outside.
    score = "# bait-of-the-judge\n" + printing(json.dumps({"right": 1, "error": 0}))
    main = LOOKS.replace("BAIT", "b'bait-of-' + b'the-judge'")
    result = first(main, score=score)
    assert result.state is CaseState.SCORED, result.reason
    found, environment, given, expected = json.loads(result.log)
    assert found == []
    assert "CLOUD_KEY" not in environment
    assert given == ["numbers.txt"]
    assert expected is False


def test_the_judge_cannot_see_the_submission_or_the_machine(first: First) -> None:
    score = (
        "import json, os\n"
        "seen = sorted(n for n in ('submission', 'input', 'expected', 'output', 'evaluator')"
        " if os.path.exists('/' + n))\n"
        "assert seen == ['evaluator', 'expected', 'input', 'output'], seen\n"
        "assert os.listdir('/evaluator') == ['score.py'], os.listdir('/evaluator')\n"
        "print(json.dumps({'right': 1, 'error': 0}))\n"
    )
    result = first(score=score)
    assert result.state is CaseState.SCORED, result.reason


def test_links_among_the_outputs_lead_the_judge_nowhere(first: First) -> None:
    main = (
        "import os\n"
        "os.symlink('/expected/sum.txt', os.environ['CONCOURS_OUTPUT'] + '/sum.txt')\n"
        "os.symlink('/etc', os.environ['CONCOURS_OUTPUT'] + '/etc')\n"
    )
    result = first(main)
    assert result.values.get("right") == 0.0
    assert result.state in (CaseState.SCORED, CaseState.FAILED)


def test_sealed_cases_come_from_the_secret_and_say_nothing(boxed: None, ordered: Make) -> None:
    orders = ordered(split="ranking", secret=SECRET)
    assert [order.case for order in orders] == ["sealed01", "sealed02"]
    result = run_case(orders[0])
    assert result.state is CaseState.SCORED, result.reason
    assert result.values == {"right": 100.0, "error": 0.0}
    assert result.log == ""
    assert SECRET.decode() not in repr(orders[0])


def test_a_failure_on_a_sealed_case_tells_its_code_alone(boxed: None, ordered: Make) -> None:
    leaks = (
        "import os, sys, pathlib\n"
        "text = pathlib.Path(os.environ['CONCOURS_INPUT'], 'numbers.txt').read_text()\n"
        "print(text); sys.exit(int(text.split()[0]) % 200 + 1)\n"
    )
    printed: list[bytes] = []
    orders = ordered(leaks, split="ranking", secret=SECRET)
    results = [run_case(order, watch=printed.append) for order in orders]
    assert [one.state for one in results] == [CaseState.FAILED] * 2
    assert {(one.code, one.reason, one.log) for one in results} == {
        ("exit", "the program failed: exit", "")
    }
    assert printed == []


def test_another_secret_makes_other_cases(boxed: None, ordered: Make) -> None:
    tells = (
        "import json, pathlib\n"
        "wanted = int(pathlib.Path('/expected/sum.txt').read_text())\n"
        "print(json.dumps({'right': 1, 'error': wanted}))\n"
    )
    order = ordered(split="ranking", secret=SECRET, score=tells)[0]
    one, same, other = (
        run_case(replace(order, secret=secret)) for secret in (SECRET, SECRET, b"x" * 32)
    )
    assert one.values["error"] > 0
    assert one.digest == same.digest
    assert one.values != other.values


@pytest.mark.parametrize(
    ("generate", "told"),
    [("pass", "wrote no folder input"), ("1 / 0", "makes cases failed")],
)
def test_a_maker_of_cases_that_fails_is_the_evaluators_fault(
    boxed: None, ordered: Make, generate: str, told: str
) -> None:
    result = run_case(ordered(split="ranking", secret=SECRET, generate=generate)[0])
    assert (result.state, result.code) == (CaseState.FAULTED, "result")
    assert told in result.reason


def test_a_sealed_case_without_its_secret_is_faulted(ordered: Make) -> None:
    result = run_case(ordered(split="ranking")[0])
    assert (result.state, result.code) == (CaseState.FAULTED, "evaluator")
    assert "is sealed; give its secret" in result.reason


def test_an_evaluator_that_changed_since_is_not_run(ordered: Make) -> None:
    order = ordered()[0]
    (order.evaluator_folder / "score.py").write_text(printing('{"right": 100, "error": 0}'))
    result = run_case(order)
    assert (result.state, result.code) == (CaseState.FAULTED, "evaluator")
    assert "changed since the run was ordered" in result.reason


def test_what_is_not_there_is_faulted(ordered: Make) -> None:
    order = ordered()[0]
    assert run_case(replace(order, case="four")).code == "evaluator"
    assert run_case(replace(order, split="finale")).code == "evaluator"
    gone = run_case(replace(order, prepared_folder=order.prepared_folder / "gone"))
    assert (gone.state, gone.code) == (CaseState.FAULTED, "fault")


def test_what_is_printed_can_be_watched_and_the_run_be_stopped(boxed: None, ordered: Make) -> None:
    stop = threading.Event()
    printed: list[bytes] = []

    def watch(data: bytes) -> None:
        printed.append(data)
        stop.set()

    order = ordered("import time\nprint('begun', flush=True)\ntime.sleep(600)")[0]
    begun = time.monotonic()
    result = run_case(order, stop=stop, watch=watch)
    assert b"".join(printed) == b"begun\n"
    assert replace(result, seconds=0.0) == faulted("one", "stopped", "the run was stopped")
    assert time.monotonic() - begun < 110


@pytest.mark.parametrize("split", ["practice", "ranking"])
def test_a_process_that_hides_its_files_opens_them_to_boxes(
    boxed: None, tmp_path: Path, split: str
) -> None:
    evaluator = load(write_evaluator(tmp_path / "adding"))
    files = {"main.py": "import part.adds", "part/adds.py": ADDS}
    archive = write_archive(tmp_path / "entry.zip", files)
    before = os.umask(0o077)
    try:
        prepared = prepare(evaluator, archive, tmp_path / "prepared")
        result = run_case(next(orders(evaluator, prepared.root, split, secret=SECRET)))
    finally:
        os.umask(before)
    assert result.values == {"right": 100.0, "error": 0.0}, result.reason


def test_the_secret_is_in_no_command_line_and_no_environment(boxed: None, ordered: Make) -> None:
    order = ordered("import time; time.sleep(1)", split="ranking", secret=SECRET)[0]
    ended = threading.Event()
    seen: list[bytes] = []

    def look() -> None:
        while not ended.wait(0.02):
            for entry in Path("/proc").iterdir():
                for name in ("cmdline", "environ"):
                    try:
                        seen.append((entry / name).read_bytes())
                    except OSError:
                        continue

    looking = threading.Thread(target=look)
    looking.start()
    result = run_case(order)
    ended.set()
    looking.join()
    assert result.state is CaseState.SCORED
    assert any(b"/submission" in one for one in seen)  # the box was looked at
    derived_too = derived(SECRET, "adding", "ranking", order.case)
    hidden = [SECRET, SECRET.hex().encode(), str(int.from_bytes(derived_too)).encode()]
    assert not any(word in one for word in hidden for one in seen)


def test_the_same_submission_gives_the_same_digest(boxed: None, ordered: Make) -> None:
    order = ordered(ADDS)[0]
    assert run_case(order).digest == run_case(order).digest

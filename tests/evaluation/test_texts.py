"""Reasons and logs of strangers' programs are fit to be shown, whatever they hold."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from concours.evaluation import BadSubmission, CaseState, load, orders, prepare, run_case
from concours.evaluation.texts import REASON, in_short, printable

SEASON = Path(__file__).parents[2] / "seasons" / "open-atom-2022"
RAISES = """
class Agent:
    def sensors(self):
        return []

    def run_step(self, readings, moment):
        raise ValueError("half \\udc00, none \\0, \\x1b[2J and \\u202eround")
"""


@given(st.text(st.characters(), max_size=200))
def test_what_is_printable_can_be_stored_and_stays_on_its_lines(text: str) -> None:
    shown = printable(text)

    shown.encode()
    assert "\0" not in shown
    assert "\x1b" not in shown
    assert printable(shown) == shown


def test_writing_of_all_languages_stays() -> None:
    text = "布局\u3000质量 – naïve 👩‍👧\n\tשלום"
    assert printable(text) == text


def test_a_reason_is_short() -> None:
    assert len(in_short("x" * 10 * REASON)) == REASON


def test_a_refusal_is_printable_wherever_it_goes() -> None:
    refusal = BadSubmission("compile", "half \udc00", "\x1b[2J\0")

    kind, arguments = refusal.__reduce__()
    again = kind(*arguments)

    assert str(again) == again.reason == "half \ufffd"
    assert again.log == "\ufffd[2J\ufffd"


def test_what_an_agent_raises_is_a_reason_that_can_be_stored(boxed: None, tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(RAISES)
    evaluator = load(SEASON / "evaluators" / "driving")
    prepared = prepare(evaluator, tmp_path / "agent.py", tmp_path / "prepared")

    [order] = orders(
        evaluator, prepared.root, "practice", cases=["train01"], artefacts=tmp_path / "kept"
    )
    result = run_case(order)

    assert (result.state, result.code) == (CaseState.FAILED, "raised")
    assert result.reason == "ValueError: half \ufffd, none \ufffd, \ufffd[2J and \ufffdround"
    result.log.encode()
    assert result.artefacts is not None
    assert sorted(path.name for path in result.artefacts.iterdir()) == ["replay.html", "result.zip"]

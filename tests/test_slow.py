"""Which tests are slow is read from what pytest tells of a run."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[1]


def slow_in(text: str) -> set[str]:
    spec = importlib.util.spec_from_file_location("slow_tests", ROOT / "scripts/slow_tests.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: set[str] = module.slow_in(text)
    return found


def test_one_case_or_all_together_make_a_test_slow() -> None:
    text = """
1.20s call     tests/a/test_a.py::test_long[one two-3]@group
0.70s setup    tests/a/test_a.py::test_set_up
0.60s call     tests/a/test_a.py::test_set_up
0.90s call     tests/a/test_a.py::Test::test_quick[1]
0.90s call     tests/b/test_b.py::test_many[1]
""" + "".join(f"0.80s call     tests/b/test_b.py::test_many[{number}]\n" for number in range(2, 7))

    assert slow_in(text) == {
        "tests/a/test_a.py::test_long",
        "tests/a/test_a.py::test_set_up",
        "tests/b/test_b.py::test_many",
    }


def test_what_is_named_slow_is_there() -> None:
    for name in (ROOT / "tests/slow.txt").read_text().split():
        path, *_classes, function = name.split("::")
        assert f"def {function}(" in (ROOT / path).read_text(), name

"""Bad maps and scenarios: those that broke something once, and a few new ones.

`scripts/fuzz_driving.py` makes them without end; what it finds is cut down and kept in `corpus/`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.driving.fuzzing.cases import Case, attempt, case_of
from tests.driving.fuzzing.choice import Choice
from tests.driving.fuzzing.mutating import mutated
from tests.driving.fuzzing.sources import own

CORPUS = Path(__file__).parent / "corpus"
OWN = own()


def kept(folder: Path) -> Case:
    """A case of the corpus: xosc/scenario.xosc, perhaps map.xodr, and catalogs beside it."""
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    scenario = files.pop("xosc/scenario.xosc").read_bytes()
    ground = files.pop("map.xodr", None)
    catalogs = {name: path.read_bytes() for name, path in files.items()}
    return Case(folder.name, scenario, ground and ground.read_bytes(), catalogs)


@pytest.mark.parametrize("folder", sorted(CORPUS.iterdir()), ids=lambda folder: folder.name)
def test_what_broke_once_is_survived(folder: Path, tmp_path: Path) -> None:
    assert attempt(kept(folder), tmp_path) in {"refused", "played"}


@pytest.mark.parametrize("case", OWN, ids=lambda case: case.name)
def test_the_sources_are_played_as_they_are(case: Case, tmp_path: Path) -> None:
    """Else what is made of them would be refused for their own faults."""
    assert attempt(case, tmp_path) == "played"


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(OWN), st.integers(0, 2**32))
def test_mutations_are_survived(
    tmp_path_factory: pytest.TempPathFactory, source: Case, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("case")

    assert attempt(case_of(source, seed, 0), folder) in {"refused", "played"}


def test_a_case_is_made_again_by_its_numbers() -> None:
    cases = [case_of(OWN[0], seed, number) for seed, number in ((1, 2), (1, 2), (1, 3), (2, 2))]

    assert cases[0] == cases[1]
    assert len({(case.scenario, case.map) for case in cases}) == 3


def test_mutations_change_something() -> None:
    source = OWN[0].scenario
    made = {mutated(source, Choice(7, number)) for number in range(30)}

    assert len(made) > 25
    assert source not in made

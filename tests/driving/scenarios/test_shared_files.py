"""Scenarios by third parties: nothing of them is lost in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from concours.driving.scenarios import Severity, load
from concours.driving.scenarios.elements import read_file
from tests.driving.scenarios.shared import FOLDER, SCENARIOS, needed


@needed
def test_there_are_all_the_files() -> None:
    assert len(SCENARIOS) == 20 + 6 + 1


@needed
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_element_is_read(path: Path) -> None:
    scenario = load(path)
    assert scenario.elements == read_file(path).count()
    assert scenario.left_out == 0
    assert scenario.entities
    codes = {finding.code for finding in scenario.findings}
    assert codes <= {"never-true", "duplicate-name", "no-catalogs"}
    assert all(finding.severity is Severity.WARNING for finding in scenario.findings)


@needed
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_an_element_put_anywhere_is_named(path: Path, tmp_path: Path) -> None:
    """The guard of the test above: a foreign element beside the storyboard's own is seen."""
    folder = tmp_path / "xosc"
    folder.mkdir()
    for name in ("Catalogs", "catalogs"):
        if (path.parent / name).is_dir():
            (folder / name).symlink_to((path.parent / name).resolve())
    text = path.read_text(encoding="utf-8-sig")
    altered = folder / path.name
    altered.write_text(text.replace("</Init>", "<Foreign><Inner/></Foreign></Init>"))
    scenario = load(altered)
    assert scenario.left_out == 2
    assert [f.element for f in scenario.findings if f.code == "unknown-element"] == ["Foreign"]


@needed
def test_catalogs_are_no_scenarios() -> None:
    for path in sorted(FOLDER.glob("*/**/*Catalog.xosc")):
        assert read_file(path).child("Storyboard") is None

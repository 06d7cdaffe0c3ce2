from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from concours.platform.competitions.domain.tracks import REGISTRATION_MONTHS
from concours.platform.seasons import check
from concours.platform.seasons.check import check_folder, read_folder
from concours.platform.seasons.faults import DataRefused

PEER_TRACK = "tracks/rt-thread-nano-edge.toml"
TRACK = "tracks/carsmos-driving-algorithm.toml"
RUBRIC = "rubrics/algorithm.toml"
REGISTER = "register/projects.toml"


def faults(folder: Path) -> list[str]:
    return [str(fault) for fault in check_folder(folder)]


def test_the_shipped_season_has_no_faults(shipped):
    assert faults(shipped) == []


def test_checking_needs_neither_django_set_up_nor_a_database(shipped, tmp_path):
    code = (
        "import sys; from pathlib import Path\n"
        "from concours.platform.seasons.check import check_folder\n"
        "assert check_folder(Path(sys.argv[1])) == []\n"
        "from django.apps import apps; assert not apps.ready\n"
    )
    clean = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([sys.executable, "-c", code, str(shipped)], check=True, cwd=tmp_path, env=clean)
    assert list(tmp_path.iterdir()) == []


def test_the_shipped_season_is_what_the_public_facts_say(shipped):
    season = read_folder(shipped)
    carsmos = next(t for t in season.tracks if t.slug == "carsmos-driving-algorithm")

    assert (season.starts_at.year, season.starts_at.month) == (2022, 12)
    assert (season.ends_at.year, season.ends_at.month) == (2023, 12)
    assert [batch.number for batch in season.batches] == [1, 2]
    assert {track.batch for track in season.tracks} == {1, 2}
    assert carsmos.category == "algorithm competition"
    assert carsmos.team_size_max == 5
    assert [(p.count, p.amount_minor) for p in carsmos.pools[0].prizes] == [
        (1, 20_000_000), (1, 10_000_000), (2, 5_000_000), (10, 1_000_000),
    ]  # fmt: skip
    assert len(season.register.projects) == 20
    assert len(season.register.areas) == 12
    donors = {donor.slug: donor for donor in season.register.donors}
    assert {d.name for d in donors.values() if d.kind == "person"} == {"Xiang Jin", "Tang Zuolin"}
    assert [p.slug for p in season.register.projects if p.signed_on] == ["carsmos"]
    assert all(project.donors for project in season.register.projects)


def test_rules_say_the_numbers_of_their_track(shipped):
    for track in read_folder(shipped).tracks:
        total = track.pools[0].total_minor // 100
        assert f"RMB {total:,}" in track.rules
        assert f"owes {track.reviews_per_entry} reviews" in track.rules
        assert f"{track.team_size_min} to {track.team_size_max} people" in track.rules
        assert f"best {track.finalists} go" in track.rules
        assert f"(weight {track.weight_peer})" in track.rules
        assert f"{track.reviews_per_entry} 份" in track.rules_zh
        assert f"前 {track.finalists} 的" in track.rules_zh
        assert f"合计 {total // 10_000} 万元" in track.rules_zh


def test_every_text_of_the_shipped_season_is_in_both_languages(shipped):
    season = read_folder(shipped)
    for item in (season, *season.batches, *season.tracks, *season.rubrics):
        assert item.title_zh
    for track in season.tracks:
        assert track.summary_zh
        assert track.rules_zh
        assert track.category_zh
        assert track.owner_zh
    for rubric in season.rubrics:
        assert sum(criterion.weight for criterion in rubric.criteria) == 100
        for criterion in rubric.criteria:
            assert criterion.title_zh
            assert all(level.text_zh for level in criterion.levels)
            assert criterion.guide(chinese=True).count("\n- ") == 4
    assert all(project.summary_zh for project in season.register.projects)


def test_registration_lasts_as_long_as_the_domain_says():
    assert check.REGISTRATION_MONTHS == REGISTRATION_MONTHS


def test_the_digest_names_what_was_read(copy, change):
    before = read_folder(copy).digest
    (copy / "README.md").write_text("other")
    assert read_folder(copy).digest == before
    change("tracks/carsmos-driving-algorithm.rules.en.md", "driving agent", "driver")
    assert read_folder(copy).digest != before


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "season.toml",
            'slug = "open',
            'slug = "Open',
            "season.toml: slug: 'Open-atom-2022' is no",
        ),
        ("season.toml", "format = 1", "format = 2", "season.toml: format: 2 is newer"),
        ("season.toml", "format = 1", "", "season.toml: format: is missing; an integer 1"),
        ("season.toml", "number = 2", "number = 1", "season.toml: batches[2].number: 1 is that"),
        ("season.toml", "number = 2", 'number = "2"', "batches[2].number: is a string; an integer"),
        ("season.toml", "number = 2", "number = true", "batches[2].number: is true or false; an"),
        ("season.toml", "2023-12-31T23:59:59+08:00", "2022-01-01T00:00:00Z", "ends_at: is not aft"),
        ("season.toml", "2023-12-31T23:59:59+08:00", "2023-12-31", "ends_at: is a date; a date wi"),
        ("season.toml", "2023-12-31T23:59:59+08:00", "2023-12-31T00:00:00", "lacks an offset"),
        (
            "season.toml",
            "2022-12-01T08",
            "0001-01-01T00",
            "starts_at: 0001-01-01 00:00:00+08:00 is",
        ),
        (
            "season.toml",
            "final_at = 2023-06-10",
            "final_at = 2022-12-10",
            "batches[1]: dates are in",
        ),
        (
            "season.toml",
            "closes_at = 2023",
            "closes_at = 2022",
            "call_for_tracks: dates are in the",
        ),
        ("season.toml", "title_zh", "title_cn", "season.toml: title_cn: is not a known key; known"),
        ("season.toml", 'title = "Open', 'title = "\\u0000Open', "title: holds control characters"),
        ("season.toml", 'title = "Open', 'title = "' + "x" * 200, "at most 200 are allowed"),
        ("season.toml", 'title = "Open', 'title "Open', "season.toml: is not TOML: Expected '='"),
        ("season.toml", "format = 1", "format = 1\nformat = 1", "is not TOML: Cannot overwrite"),
        (TRACK, "batch = 1", "batch = 7", f"{TRACK}: batch: there is no batch 7; there are 1, 2"),
        (
            TRACK,
            'rubric = "alg',
            'rubric = "log',
            "rubric: there is no rubric logorithm; there are",
        ),
        (
            TRACK,
            '"artificial-int',
            '"real-int',
            "technical_area: there is no area real-intelligence",
        ),
        (
            TRACK,
            'slug = "carsmos-',
            'slug = "tongsuo-applied-cryptography"\n#',
            "slug: 'tongsuo-appl",
        ),
        (TRACK, "team_size_max = 5", "team_size_max = 0", "team_size_max: 0 is out of range"),
        (
            TRACK,
            "team_size_min = 1",
            "team_size_min = 6",
            "team_size_max: is smaller than team_siz",
        ),
        (
            TRACK,
            "machine = 60\npeer = 20\njury = 20",
            "machine = 0\npeer = 0\njury = 0",
            "weights: are all 0",
        ),
        (TRACK, "finalists = 14", "finalists = 1e1", "finalists: is a fraction; an integer"),
        (TRACK, "[weights]", "[wights]", "wights: is not a known key"),
        (
            TRACK,
            "[weights]",
            '[review]\nassignment = "by-hand"\n[weights]',
            f"{TRACK}: review.assignment: 'by-hand' is not known; use one of balanced",
        ),
        (
            TRACK,
            "[weights]",
            '[review]\nselection = "credible-subset"\n[weights]',
            "review.selection: 'credible-subset' is not known; use one of exact-dollar-partition",
        ),
        (
            TRACK,
            "[weights]",
            "[review]\nlevel = 100\n[weights]",
            f"{TRACK}: review.level: 100 is out of range; 50 to 99 is expected",
        ),
        (
            TRACK,
            "[weights]",
            "[review]\nparts = true\n[weights]",
            "review.parts: is true or false; an integer 1 to 32 is expected",
        ),
        (
            TRACK,
            "[weights]",
            "[review]\nown_left = true\n[weights]",
            "review.own_left: is not a known key; known here are assignment",
        ),
        (TRACK, 'kind = "appeal"', 'kind = "siesta"', "phases[4].kind: 'siesta' is not known; use"),
        (TRACK, "may_review = true", "may_review = 1", "phases[3].may_review: is an integer; true"),
        (TRACK, "may_review = true", "", "phases: the peer score has a weight, but no peer-review"),
        (
            TRACK,
            "ends_at = 2023-03-10",
            "ends_at = 2023-03-20",
            "phases[2].starts_at: is before ph",
        ),
        (
            PEER_TRACK,
            "ends_at = 2023-03-10",
            "ends_at = 2023-03-09",
            "the last that takes submissions e",
        ),
        (TRACK, "ends_at = 2023-03-10", "ends_at = 2023-01-10", "phases[1].ends_at: is not after"),
        (
            TRACK,
            "starts_at = 2023-01-10",
            "starts_at = 2023-07-10",
            "starts_at: is not within its b",
        ),
        (
            TRACK,
            "2023-12-31T23:59:59+08:00",
            "2024-12-31T00:00:00Z",
            "phases[6]: is not within the",
        ),
        (
            TRACK,
            "total_minor = 5",
            "total_minor = 4",
            "pools[1].total_minor: 40000000 does not cov",
        ),
        (TRACK, "amount_minor = 2", "amount_minor = 0", "is not TOML"),
        (TRACK, "amount_minor = 20000000", "amount_minor = 1", "pools[1].prizes: grow with the pl"),
        (TRACK, "amount_minor = 20000000", "amount_minor = -1", "amount_minor: -1 is out of range"),
        (TRACK, '"CNY"', '"XYZ"', "pools[1].currency: 'XYZ' is not known"),
        (TRACK, '.rules.en.md"', '.rules.fr.md"', "rules: there is no file tracks/carsmos-driving"),
        (
            RUBRIC,
            'key = "method"',
            'key = "evidence"',
            "criteria[2].key: 'evidence' is that of crit",
        ),
        (RUBRIC, "weight = 35", "weight = 0", "criteria[1].weight: 0 is out of range; 1 to 1000"),
        (
            RUBRIC,
            "max_points = 10",
            "max_points = 9",
            "criteria[1].levels: points [0, 3, 7, 10] are",
        ),
        (
            REGISTER,
            'donors = ["jingdong"]',
            'donors = ["jd"]',
            "projects[1].donors: there is no jd",
        ),
        (
            REGISTER,
            'areas = ["storage"',
            'areas = ["store"',
            "projects[1].areas: there is no store",
        ),
        (
            REGISTER,
            'name = "SmartIDE"',
            'name = "Vearch"',
            "projects[2].name: 'Vearch' is that of pr",
        ),
        (REGISTER, "signed_on = 2023-06-11", "signed_on = 2023-06-31", "is not TOML"),
        (
            REGISTER,
            'licence = "Apache-2.0"',
            'homepage = "javascript:alert(1)//"',
            "is no web address",
        ),
        (
            REGISTER,
            'kind = "person"',
            'kind = "ghost"',
            "kind: 'ghost' is not known; use one of leg",
        ),
        (REGISTER, 'stage = "preparation"', "stage = 3", "stage: is an integer; one of"),
    ],
)
def test_a_fault_names_file_key_and_mend(copy, change, file, old, new, expected):
    change(file, old, new)
    found = faults(copy)
    assert any(expected in line for line in found), found
    assert all(
        line.startswith(("season.toml", "tracks/", "rubrics/", "register/")) for line in found
    )
    with pytest.raises(DataRefused):
        read_folder(copy)


def test_all_faults_are_found_at_once(copy, change):
    change("season.toml", "number = 2", 'number = "2"')
    change(TRACK, "finalists = 14", "finalists = 0")
    change(RUBRIC, "weight = 35", "weight = 0")
    (copy / "tracks/vearch-vector-search.rules.zh.md").unlink()
    found = faults(copy)
    assert len(found) == 4
    assert found == sorted(found)

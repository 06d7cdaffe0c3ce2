"""The report as a file: what is in it, what strangers cannot put into it, how large it is."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from concours.driving import reporting, roads
from concours.driving.results import ENGINE_VERSION, Driven
from concours.driving.roads import BadMap
from concours.driving.scoring import PRESETS, UnknownPreset, mean_score, observe
from tests.driving.viewing.test_html import BAIT, Elements, data_of, unpacked
from tests.factories.results import driven, fails, hits, well
from tests.factories.runs import moving, other, reasonable, run_of, street

ROWS, OTHERS, RUNS = 2400, 9, 28
"""Two minutes, with as many others, as often as the challenge's training has scenarios."""


@pytest.fixture(scope="module")
def three() -> list[Driven]:
    return [well(), hits(), fails("ValueError: no way", log="here\nI am\n")]


@pytest.fixture(scope="module")
def page(three: list[Driven]) -> str:
    return reporting.html(three, agent="follow.py")


@pytest.fixture(scope="module")
def data(page: str) -> dict[str, Any]:
    return data_of(page)


def test_the_page_is_one_file_that_asks_nobody(page: str) -> None:
    elements = Elements(page)

    assert [tag for tag, _ in elements.found].count("script") == 2
    for _, attributes in elements.found:
        assert "src" not in attributes
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert not str(attributes.get("href", "#")).startswith(("http", "//"))
    assert re.findall(r"https?://[^\s'\"]+", page) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"eval\(|innerHTML|insertAdjacentHTML|document\.write", page)
    assert "{{ " not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_the_policy_names_style_and_script_by_their_hashes(page: str) -> None:
    elements = Elements(page)

    policy = next(a["content"] for a, _ in elements.named("meta") if "http-equiv" in a) or ""
    script = next(text for a, text in elements.named("script") if a.get("type") == "module")
    for kind, text in (("script", script), ("style", elements.named("style")[0][1])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_the_head_says_whose_results_they_are(data: dict[str, Any], three: list[Driven]) -> None:
    assert (data["agent"], data["engine"], data["preset"]) == (
        "follow.py",
        ENGINE_VERSION,
        "concours",
    )
    assert data["presets"] == list(PRESETS)
    for name in PRESETS:
        mean = mean_score([one.scores[name].value for one in three], seed=0)
        assert data["totals"][name] == {"mean": mean.estimate, "low": mean.low, "high": mean.high}


def test_every_loss_and_every_measure_by_every_preset_is_on_the_page(
    data: dict[str, Any], three: list[Driven]
) -> None:
    lost = 0
    for one, shown in zip(three, data["runs"], strict=True):
        x0, y0 = shown["replay"]["origin"]
        for name in PRESETS:
            score, found = one.scores[name], shown["scores"][name]
            assert found["value"] == score.value
            assert [part[0] for part in found["parts"]] == [part.name for part in score.parts]
            assert len(found["losses"]) == len(score.losses)
            for loss, (metric, points, time, x, y, words) in zip(
                score.losses, found["losses"], strict=True
            ):
                assert (metric, points, words) == (loss.metric, loss.points, loss.words)
                assert time == pytest.approx(loss.time, abs=1e-4)
                assert (x + x0, y + y0) == pytest.approx((loss.x, loss.y), abs=0.006)
            kept = found["value"] + sum(loss[1] for loss in found["losses"])
            assert kept == pytest.approx(100.0)
            lost += len(score.losses)
    assert lost > 10


def test_ends_collisions_faults_and_logs_are_told(data: dict[str, Any]) -> None:
    fine, hit, failed = data["runs"]

    assert [run["end"] for run in data["runs"]] == ["arrived", "arrived", "fault"]
    assert fine["collisions"] == []
    assert [each[1:] for each in hit["collisions"]] == [["It", "vehicle", True]]
    assert (failed["fault"], failed["kind"]) == ("ValueError: no way", "raised")
    assert failed["log"] == "here\nI am\n"


def test_texts_of_strangers_stay_data(page: str) -> None:
    hostile = [
        well(BAIT),
        hits("two", other_name=BAIT),
        fails(BAIT, BAIT + "3", log=BAIT),
    ]

    bad = reporting.html(hostile, agent=BAIT)

    assert [tag for tag, _ in Elements(bad).found] == [tag for tag, _ in Elements(page).found]
    assert Elements(bad).named("title")[0][1] == BAIT
    data = data_of(bad)
    assert data["agent"] == data["runs"][0]["name"] == BAIT
    assert data["runs"][1]["replay"]["actors"][1]["name"] == BAIT
    assert data["runs"][2]["fault"] == data["runs"][2]["log"] == BAIT
    assert data["runs"][2]["scores"]["concours"]["losses"][0][5] == BAIT


def test_the_same_results_give_the_same_bytes(page: str, three: list[Driven]) -> None:
    assert reporting.html(three, agent="follow.py") == page


def test_a_map_is_on_the_page_once_however_many_drove_on_it(data: dict[str, Any]) -> None:
    assert len(data["maps"]) == 1
    (key,) = data["maps"]
    assert [run["map"] for run in data["runs"]] == [key] * 3
    assert len({tuple(run["replay"]["origin"]) for run in data["runs"]}) == 1
    assert data["maps"][key]["layers"]


def test_a_map_that_is_given_is_not_read_again(page: str) -> None:
    one = well()
    bare = replace(one, sources=replace(one.sources, contents={}))
    broken = replace(one, sources=replace(one.sources, contents={one.sources.map: b"<no/>"}))
    given = {one.sources.map: roads.loads(street())}

    assert reporting.html([bare], networks=given) == reporting.html([one])
    assert reporting.html([broken], networks=given) == reporting.html([one])
    with pytest.raises(BadMap):
        reporting.html([broken])


def test_without_a_map_a_run_is_shown_on_a_grid() -> None:
    (run,) = data_of(reporting.html([driven(run_of(moving(5.0)))]))["runs"]

    assert run["map"] == ""
    assert run["curves"] is not None


def test_curves_are_what_scores_read(data: dict[str, Any]) -> None:
    seen = observe(hits().drive.run)  # the limit is the map's, the rest is not
    curves = data["runs"][1]["curves"]

    assert np.array(unpacked(curves["times"])) / curves["ticks"] == pytest.approx(seen.times)
    for name, values in (
        ("speed", seen.speed),
        ("longitudinal", seen.filtered.longitudinal),
        ("lateral_jerk", seen.filtered.lateral_jerk),
        ("nearest", np.where(seen.nearest < 100.0, seen.nearest, -1.0)),
    ):
        column = np.array(unpacked(curves["columns"][name], order=1)) / curves["perUnit"]
        assert column == pytest.approx(values, abs=0.0051)


def test_nobody_near_and_no_collision_ahead_are_gaps(data: dict[str, Any]) -> None:
    columns = data["runs"][0]["curves"]["columns"]

    assert set(unpacked(columns["nearest"], order=1)) == {-100}
    assert set(unpacked(columns["collision_in"], order=1)) == {-100}


def test_a_run_in_which_nothing_was_driven_has_no_curves() -> None:
    run = run_of(moving(5.0), goal=(50.0, 0.0))
    nowhere = replace(run, trace=replace(run.trace, values=np.full_like(run.trace.values, np.nan)))

    (shown,) = data_of(reporting.html([driven(nowhere)]))["runs"]

    assert (shown["curves"], shown["driven"]) == (None, None)
    assert shown["scores"]["concours"]["value"] == 0


def test_the_one_that_was_judged_is_followed_whatever_its_name() -> None:
    run = run_of(moving(5.0), others=[other("hero", moving(3.0, x=40.0))])

    (shown,) = data_of(reporting.html([driven(run)]))["runs"]

    assert shown["replay"]["ego"] == 0


def test_a_long_log_is_cut_in_the_middle_and_says_so() -> None:
    log = "head" + "x" * 1_000_000 + "tail"

    page = reporting.html([fails("stopped", log=log)])

    shown = data_of(page)["runs"][0]["log"]
    assert shown.startswith("headx")
    assert shown.endswith("xtail")
    assert "\n... 968008 characters left out ...\n" in shown
    assert len(page) < 300_000


def test_twenty_eight_runs_of_two_minutes_among_ten_take_less_than_fifteen_megabytes() -> None:
    others = [other(f"It {n}", moving(4.0, seconds=ROWS / 20, x=20.0 * n)) for n in range(OTHERS)]
    busy = reasonable(others=others, goal=(1e4, -1.75), seconds=ROWS / 20)

    none = len(reporting.html([well()]))
    page = len(reporting.html([driven(busy, "busy")]))

    assert none < 260_000
    assert none + RUNS * (page - none) < 15_000_000


def test_many_long_runs_are_thinned_evenly_and_no_loss_is(
    monkeypatch: pytest.MonkeyPatch, three: list[Driven]
) -> None:
    whole = data_of(reporting.html(three))
    monkeypatch.setattr("concours.driving.reporting.content.STATES", 500)
    monkeypatch.setattr("concours.driving.reporting.curves.FRAMES", 300)

    data = data_of(reporting.html(three))

    states = 0
    for run, before in zip(data["runs"], whole["runs"], strict=True):
        assert run["scores"] == before["scores"]
        assert run["replay"]["stride"] > 1
        rows = len(unpacked(run["replay"]["times"]))
        states += rows * len(run["replay"]["actors"])
        assert len(unpacked(run["curves"]["times"])) <= 150
    assert states <= 500 + 2 * 4


def test_what_cannot_be_reported_is_refused(three: list[Driven]) -> None:
    unjudged = replace(three[0], scores={"carla-1.0": three[0].scores["carla-1.0"]})

    with pytest.raises(ValueError, match="at least one run"):
        reporting.html([])
    with pytest.raises(UnknownPreset):
        reporting.html(three, preset="best")
    with pytest.raises(ValueError, match="not every run was judged by concours"):
        reporting.html([unjudged, three[1]])
    with pytest.raises(ValueError, match="no language 'fr'"):
        reporting.html(three, lang="fr")
    assert data_of(reporting.html([unjudged], preset="carla-1.0"))["presets"] == ["carla-1.0"]

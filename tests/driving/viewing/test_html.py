"""The replay as a file: what is in it, what strangers cannot put into it, how large it is."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from concours.driving import roads, viewing
from concours.driving.scenarios.errors import Place
from concours.driving.scenarios.machine import Unfired
from concours.driving.world.trace import FIELDS, Light
from tests.driving.roads.maps import bridge, fork, hilly
from tests.driving.scenarios.shared import FOLDER, needed
from tests.factories.traces import car, crowd, small, storyboard

BAIT = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&lt;\u2028'\"{{ script }}"


class Elements(HTMLParser):
    """The elements of a page as a browser finds them, and the text of each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.found.append(("", {}))  # what follows is nobody's text
        self.texts.append("")

    def handle_data(self, data: str) -> None:
        if self.texts:
            self.texts[-1] += data

    def named(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        """(attributes, text up to the next element) of elements."""
        pairs = zip(self.found, self.texts, strict=True)
        return [(attributes, text) for (name, attributes), text in pairs if name == tag]


def data_of(page: str) -> dict[str, Any]:
    """What the page's script reads."""
    found = [text for attributes, text in Elements(page).named("script") if "id" in attributes]
    assert len(found) == 1
    content: dict[str, Any] = json.loads(found[0])
    return content


def unpacked(text: str, *, order: int = 2) -> list[int]:
    """Whole steps, as unpack.js reads them."""
    out: list[int] = []
    token = weight = 0
    for byte in base64.b64decode(text):
        token += (byte & 127) << weight
        weight += 7
        if byte < 128:
            folded = token // 2
            step = -(folded + 1) // 2 if folded % 2 else folded // 2
            out += [0] * folded if token % 2 else [step]
            token = weight = 0
    steps = np.array(out, dtype=np.int64)
    for _ in range(order):
        steps = np.cumsum(steps)
    found: list[int] = steps.tolist()
    return found


def test_the_page_is_one_file_that_asks_nobody() -> None:
    page = viewing.html(small(), roads.loads(fork()))

    elements = Elements(page)
    assert [tag for tag, _ in elements.found].count("script") == 2
    for _, attributes in elements.found:
        assert "src" not in attributes
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert not str(attributes.get("href", "data:")).startswith(("http", "//"))
    assert re.findall(r"https?://[^\s'\"]+", page) == ["http://www.w3.org/2000/svg"]
    assert "eval(" not in page
    assert "innerHTML" not in page


def test_the_policy_names_style_and_script_by_their_hashes() -> None:
    elements = Elements(viewing.html(small()))

    policy = next(a["content"] for a, _ in elements.named("meta") if "http-equiv" in a) or ""
    script = next(text for a, text in elements.named("script") if a.get("type") == "module")
    style = elements.named("style")[0][1]
    for kind, text in (("script", script), ("style", style)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_texts_of_strangers_stay_data() -> None:
    trace = small(
        BAIT,
        actors=(car(BAIT), car(BAIT + "2", kind=BAIT)),
        record=storyboard(BAIT),
        lights=(Light(0.0, BAIT, BAIT),),
        unfired=(Unfired(BAIT, BAIT, Place(BAIT, 1)),),
        road_ids=(BAIT, BAIT),
        notes=(BAIT,),
        end=BAIT,
    )

    page, plain = viewing.html(trace), viewing.html(small())

    names = [tag for tag, _ in Elements(page).found]
    assert names == [tag for tag, _ in Elements(plain).found]
    assert Elements(page).named("title")[0][1] == BAIT
    data = data_of(page)
    assert data["name"] == data["notes"][0] == data["roads"][0] == data["end"] == BAIT
    assert data["actors"][0]["name"] == data["actors"][1]["kind"] == data["lights"][0][1] == BAIT
    assert data["board"][1]["name"] == BAIT
    assert data["unfired"][0][:2] == [BAIT, BAIT]


def test_the_same_run_gives_the_same_text() -> None:
    network = roads.loads(fork())

    assert viewing.html(small(), network) == viewing.html(small(), network)


def test_columns_are_kept_to_the_centimetre_where_the_actor_is() -> None:
    trace = small()

    data = data_of(viewing.html(trace))

    other = data["actors"][1]
    there = np.flatnonzero(~np.isnan(trace.of("Other", "x")))
    assert other["runs"] == [there[0], there[-1] + 1]
    x = np.array(unpacked(other["columns"]["x"])) / data["perUnit"]["x"] + data["origin"][0]
    assert x == pytest.approx(trace.of("Other", "x")[there], abs=0.0051)
    heading = np.array(unpacked(other["columns"]["heading"])) / data["perUnit"]["heading"]
    assert heading == pytest.approx(trace.of("Other", "heading")[there], abs=0.00051)
    assert np.array(unpacked(data["times"])) / data["ticks"] == pytest.approx(trace.times)


def test_far_from_zero_and_without_numbers_a_page_is_written() -> None:
    trace = small()
    far = trace.values.copy()
    far[:, :, FIELDS.index("x")] += 5.0e6
    far[3, 0, FIELDS.index("acceleration")] = np.inf
    nowhere = np.full_like(far, np.nan)

    data = data_of(viewing.html(replace(trace, values=far)))
    empty = data_of(viewing.html(replace(trace, values=nowhere)))
    none = data_of(viewing.html(small(seconds=0, actors=(), values=np.zeros((1, 0, 12)))))

    assert data["origin"][0] > 4.9e6
    assert max(map(abs, unpacked(data["actors"][0]["columns"]["x"]))) < 1e4
    assert empty["actors"][0]["runs"] == []
    assert none["ego"] == -1


def test_rows_of_the_storyboard_are_nested_and_their_spans_closed() -> None:
    board = data_of(viewing.html(small()))["board"]

    assert [(row["depth"], row["kind"]) for row in board] == [
        (0, "storyboard"),
        (0, "story"),
        (1, "act"),
        (2, "maneuverGroup"),
        (3, "maneuver"),
        (4, "event"),
        (5, "action"),
    ]
    assert board[2]["spans"] == [["standby", 0.0, 0.5, ""], ["running", 0.5, 4.0, ""]]
    assert board[5]["spans"] == [
        ["standby", 0.5, 0.7, "skip"],
        ["standby", 0.7, 1.0, ""],
        ["running", 1.0, 2.5, "end"],
    ]


def test_where_a_trigger_stands_is_said_without_the_folders_above() -> None:
    unfired = (Unfired("A", "stop", Place("/home/somebody/secret/small.xosc", 7)),)

    page = viewing.html(small(unfired=unfired))

    assert data_of(page)["unfired"] == [["A", "stop", "small.xosc:7"]]
    assert "secret" not in page


def test_the_ego_is_the_one_of_that_name() -> None:
    actors = (car("Target"), car("hero"))

    assert data_of(viewing.html(small(actors=actors)))["ego"] == 1
    assert data_of(viewing.html(small()))["ego"] == 0


def test_the_map_has_layers_from_the_lowest_to_the_topmost() -> None:
    data = data_of(viewing.html(small(), roads.loads(hilly())))
    over = data_of(viewing.html(small(), roads.loads(bridge())))

    kinds = [layer["kind"] for layer in data["map"]["layers"]]
    assert kinds.index("walk") < kinds.index("bike") < kinds.index("driving") < kinds.index("mark")
    assert "yellow" in kinds
    assert [layer["kind"] for layer in over["map"]["layers"]].count("driving") == 2
    for layer in data["map"]["layers"]:
        assert sum(unpacked(layer["counts"], order=1)) == len(unpacked(layer["x"], order=1))


def test_lights_and_stop_lines_know_their_signals() -> None:
    ground = data_of(viewing.html(small(), roads.loads(fork())))["map"]

    assert [lamp[0] for lamp in ground["lamps"]] == ["7"]
    assert [stop[4] for stop in ground["stops"]] == [["7"]]


def test_only_known_languages_are_taken() -> None:
    assert data_of(viewing.html(small(), lang="zh"))["lang"] == "zh"
    assert data_of(viewing.html(small()))["lang"] is None
    with pytest.raises(ValueError, match="no language 'fr'"):
        viewing.html(small(), lang="fr")


def test_a_minute_of_ten_actors_takes_few_bytes() -> None:
    none, minute = viewing.html(small()), viewing.html(crowd(actors=10, rows=1200))
    fine = viewing.html(crowd(actors=10, rows=6000, step=0.01))

    assert len(none) < 120_000
    assert len(minute) - len(none) < 250_000
    assert len(fine) - len(none) < 1_200_000


def test_very_long_runs_are_thinned_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concours.driving.viewing.content.STATES", 100)

    data = data_of(viewing.html(crowd(actors=2, rows=100)))

    assert data["stride"] == 2
    assert len(unpacked(data["times"])) == 51


@needed
def test_a_town_is_less_than_three_megabytes() -> None:
    town = roads.load(FOLDER / "towns" / "Town01.xodr")

    page = viewing.html(crowd(actors=10, rows=1200), town)

    assert len(page.encode()) < 700_000

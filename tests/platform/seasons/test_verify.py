"""An export is computed again; whatever is changed in it is found, and where."""

from __future__ import annotations

import csv
import hashlib
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from concours.platform.appeals import domain as appeals_domain
from concours.platform.appeals.enums import ChangeKind
from concours.platform.awards import domain as awards_domain
from concours.platform.core import clock
from concours.platform.record.chain import GENESIS, canonical, from_line, seal, to_line
from concours.platform.review.domain import counting_reviews, round_of
from concours.platform.seasons.export import export_season
from concours.platform.seasons.manifest import BLOCK, faults_in, write_manifest
from concours.platform.seasons.shapes import NEEDED
from concours.platform.seasons.verify import Verified, verify_export
from tests.factories import appeals, awards, competitions

TRIES = 400


def written(folder: Path) -> Path:
    """An export with reviews, standings, a result, and money held, paid and clawed back."""
    payout = awards.released(folder=folder, parts=[1, 1])
    user = payout.shares.first().user
    awards.pay(of=payout, user=user, amount_minor=400_000)
    awards.decide(
        awards_domain.ask_claw_back(
            actor=awards.DESK, payout=payout, amount_minor=700_000, reason="Disqualified"
        )
    )
    export_season(slug=payout.pool.track.season.slug, to=folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test leaves its export for the others: making one takes seconds."""
    return tmp_path_factory.mktemp("kept") / "out"


@pytest.fixture
def export(db: None, kept: Path, tmp_path: Path) -> Path:
    if not kept.exists():
        shutil.copytree(written(tmp_path), kept)
        return tmp_path / "out"
    return Path(shutil.copytree(kept, tmp_path / "out"))


@pytest.fixture
def track(export: Path) -> Path:
    (folder,) = (export / "data").iterdir()
    return folder


def places(done: Verified) -> list[str]:
    return [fault.place for fault in done.faults]


def signed_anew(export: Path) -> Verified:
    """What is found where whoever changed the export wrote its manifest anew."""
    season = json.loads((export / "manifest.json").read_text())["season"]
    write_manifest(export, season=season)
    return verify_export(export)


def change_cell(path: Path, line: int, column: str, value: str) -> None:
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    rows[line - 1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def rechained(export: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """The record with events changed, and every digest after them made to fit."""
    path, previous, lines = export / "record.jsonl", GENESIS, []
    for line in path.read_text(encoding="utf-8").splitlines():
        event = vars(from_line(line)).copy()
        event["data"] = json.loads(event["data"])
        change(event)
        del event["digest"]
        event |= {"data": canonical(event["data"]), "previous": previous}
        sealed = seal(**event)
        previous = sealed.digest
        lines.append(to_line(sealed) + "\n")
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def test_an_untouched_export_holds(export: Path) -> None:
    done = verify_export(export)
    assert done.faults == ()
    assert (done.standings, done.results) == (1, 1)
    assert done.movements == 5 + 1 + 1 + 2
    assert verify_export(export, expected_head=done.head).holds
    assert not verify_export(export, expected_head="ab" * 32).holds


def test_a_changed_byte_anywhere_is_found_where_it_is(export: Path) -> None:
    chance = random.Random(7)
    files = sorted(path for path in export.rglob("*") if path.is_file())
    assert len(files) >= 9
    for number in range(TRIES):
        path = files[number % len(files)]
        before = path.read_bytes()
        at = chance.randrange(len(before))
        flipped = before[at] ^ (1 << chance.randrange(8))
        path.write_bytes(before[:at] + bytes([flipped]) + before[at + 1 :])

        found = list(faults_in(export))

        name = path.relative_to(export).as_posix()
        assert [fault.place.partition(",")[0] for fault in found] == [name]
        if name != "manifest.json":
            first = at // BLOCK * BLOCK + 1
            assert f"bytes {first} to {min(first + BLOCK - 1, len(before))} " in found[0].place
        path.write_bytes(before)
    assert list(faults_in(export)) == []


def test_a_changed_byte_ends_the_verification_with_a_fault(export: Path, track: Path) -> None:
    for path in (export / "record.jsonl", track / "standings.csv", export / "manifest.json"):
        before = path.read_bytes()
        middle = len(before) // 2
        path.write_bytes(before[:middle] + bytes([before[middle] ^ 1]) + before[middle + 1 :])
        assert not verify_export(export).holds
        path.write_bytes(before)


def test_files_that_are_missing_or_too_many(export: Path, track: Path) -> None:
    (track / "money.csv").unlink()
    (export / "data" / "more.csv").write_text("x")
    found = places(verify_export(export))
    assert f"data/{track.name}/money.csv" in found
    assert "data/more.csv" in found


@pytest.mark.parametrize(
    ("name", "line", "column", "value", "place"),
    [
        ("standings.csv", 3, "rank", "1", "standings.csv, line 3"),
        ("standings.csv", 2, "points_milli", "99999", "standings.csv, line 2"),
        ("results.csv", 2, "place", "2", "results.csv, line 2"),
        ("results.csv", 4, "total_numerator", "1", "results.csv, line 4"),
        ("awards.csv", 2, "amount_minor", "1000001", "awards.csv, line 2"),
        ("money.csv", 3, "amount_minor", "7", "money.csv, line 3"),
        ("money.csv", 2, "to", "paid", "money.csv, line 2"),
        ("reviews.csv", 2, "entry", "nobody", "reviews.csv"),
        ("assignments.csv", 2, "state", "defaulted", "assignments.csv"),
    ],
)
def test_a_forged_table_is_not_what_the_record_gives(
    export: Path, track: Path, name: str, line: int, column: str, value: str, place: str
) -> None:
    change_cell(track / name, line, column, value)
    assert f"data/{track.name}/{place}" in places(signed_anew(export))


def test_points_of_a_review_are_those_that_were_counted(export: Path, track: Path) -> None:
    path = track / "reviews.csv"
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    change_cell(path, 3, header[2], "0")
    assert f"data/{track.name}/reviews.csv, line 3 of the table" in places(signed_anew(export))


def test_other_weights_than_those_of_the_result(export: Path, track: Path) -> None:
    path = export / "tracks" / f"{track.name}.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("peer = ", "peer = 1"), encoding="utf-8")
    assert f"tracks/{track.name}.toml" in places(signed_anew(export))


def _more_for_the_first(event: dict[str, Any]) -> None:
    if event["verb"] == "result.published":
        event["data"]["inputs"]["pools"][0]["prizes"][0]["amount_minor"] += 1


def _better_review(event: dict[str, Any]) -> None:
    if event["verb"] == "standings.published":
        event["data"]["inputs"]["reviews"][0][2][0] ^= 1


def _other_seed(event: dict[str, Any]) -> None:
    if event["verb"] == "round.assigned":
        event["data"]["seed"] = "00" * 32


def _paid_more(event: dict[str, Any]) -> None:
    if event["verb"] == "payout.paid":
        event["data"]["moves"][0][3] = 10**9


def _alone(event: dict[str, Any]) -> None:
    if event["verb"] in {"payout.released", "payout.clawed-back"}:
        event["actor"] = "system:desk"


def _not_asked(event: dict[str, Any]) -> None:
    if event["verb"] == "money.asked":
        event["data"]["request"] = "another"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (_more_for_the_first, "the inputs do not match their digest"),
        (_better_review, "the inputs do not match their digest"),
        (_other_seed, "the seed is not the one committed to"),
        (_paid_more, "which holds 1000000"),
        (_alone, "who asked for it confirmed it"),
        (_not_asked, "nobody asked for it"),
    ],
)
def test_a_record_made_up_as_a_whole_contradicts_itself(
    export: Path, change: Callable[[dict[str, Any]], None], what: str
) -> None:
    head = verify_export(export).head
    rechained(export, change)
    done = signed_anew(export)
    assert any(what in fault.what for fault in done.faults), done.faults
    assert all("record.jsonl, event" in fault.place for fault in done.faults if what in fault.what)
    noted = verify_export(export, expected_head=head)
    assert any("the noted digest" in fault.what for fault in noted.faults)


def test_no_person_is_in_what_is_told_of_money(track: Path) -> None:
    header, *rows = list(csv.reader((track / "money.csv").open(encoding="utf-8", newline="")))
    assert header == ["pool", "currency", "award", "kind", "from", "to", "amount_minor"]
    assert [row[3:] for row in rows[-3:]] == [
        ["pay", "released", "paid", "400000"],
        ["withdraw", "released", "pool", "600000"],
        ["demand", "paid", "owed", "100000"],
    ]


@pytest.fixture
def changed(db: None, tmp_path: Path) -> Path:
    """An export of a track whose standings and result were changed twice after publication."""
    with clock.frozen_at(appeals.LATER):
        track = appeals.ended(folder=tmp_path)
        last = appeals.ranked(track)[-1]
        strike = appeals.strike(of=track, entry=last)
        appeals_domain.add_change(
            actor=competitions.ACTOR,
            change_set=strike,
            kind=ChangeKind.CORRECT,
            entry=last,
            alias=counting_reviews(round=round_of(track=track), entry=last)[1].alias,
            scores={"idea": 1, "code": 2},
        )
        appeals.apply(strike)
        winner = awards_domain.published_result(track=track).lines.order_by("position")[0].entry
        jury = appeals.change_set(of=track)
        for juror in track.jurors.select_related("user"):
            appeals_domain.add_change(
                actor=competitions.ACTOR,
                change_set=jury,
                kind=ChangeKind.JURY,
                entry=winner,
                juror=juror.user,
                points_milli=0,
            )
        appeals.apply(jury)
        export_season(slug=track.season.slug, to=tmp_path / "changed")
    return tmp_path / "changed"


def test_a_season_with_applied_changes_holds(changed: Path) -> None:
    done = verify_export(changed)
    assert done.faults == ()
    assert (done.standings, done.results) == (2, 3)
    moves = (changed / "data").glob("*/money.csv")
    assert any(",undo,held,prizes," in path.read_text(encoding="utf-8") for path in moves)


def _other_correction(event: dict[str, Any]) -> None:
    for change in event["data"].get("changes", ()):
        if change["kind"] == "correct":
            change["scores"]["code"] = 9


def _hidden_strike(event: dict[str, Any]) -> None:
    if event["verb"] == "changes.applied":
        event["data"]["changes"] = [
            one for one in event["data"]["changes"] if one["kind"] != "strike"
        ]


def _other_seed_of_the_change(event: dict[str, Any]) -> None:
    if event["verb"] == "changes.applied" and event["data"]["standings"]:
        event["data"]["standings"]["seed"] = "00" * 32


def _kept_money(event: dict[str, Any]) -> None:
    if event["verb"] == "payout.adjusted":
        event["data"]["moves"] = []


def _better_for_the_last(event: dict[str, Any]) -> None:
    if event["verb"] == "changes.applied" and event["data"]["result"]:
        event["data"]["result"]["entries"][0]["jury"] = [100_000, 100_000]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (_other_correction, "is not a review that was counted"),
        (_hidden_strike, "is not a review that was counted"),
        (_other_seed_of_the_change, "the seed is not that of the former standings"),
        (_kept_money, "is not what was won"),
        (_better_for_the_last, "the inputs do not match their digest"),
    ],
)
def test_changes_that_the_record_does_not_give(
    changed: Path, change: Callable[[dict[str, Any]], None], what: str
) -> None:
    rechained(changed, change)
    assert any(what in fault.what for fault in signed_anew(changed).faults)


def test_a_record_that_somebody_made_up_is_a_fault_and_no_crash(export: Path) -> None:
    record = (export / "record.jsonl").read_text(encoding="utf-8")
    events = [vars(from_line(line)) for line in record.splitlines()]
    firsts: dict[str, dict[str, Any]] = {}
    for event in events:
        firsts.setdefault(event["verb"], {**event, "data": json.loads(event["data"])})
    tried = 0
    for verb, event in firsts.items():
        if verb not in NEEDED and "moves" not in event["data"]:
            continue
        changed: list[Any] = [[], {}]
        changed += [{**event["data"], key: value} for key in event["data"] for value in (None, [1])]
        for data in changed:
            rechained(export, _with_data(event["seq"], data))
            # What is not read may hold anything; what is read is told of or holds.
            signed_anew(export)
            tried += 1
        needed = next(iter(NEEDED.get(verb, {"moves": None})))
        rechained(export, _with_data(event["seq"], {**event["data"], needed: None}))
        assert f"record.jsonl, event {event['seq']} ({verb})" in places(signed_anew(export))
        (export / "record.jsonl").write_text(record, encoding="utf-8", newline="\n")
    assert tried > 60


def _with_data(seq: int, data: Any) -> Callable[[dict[str, Any]], None]:
    def change(event: dict[str, Any]) -> None:
        if event["seq"] == seq:
            event["data"] = data

    return change


@pytest.mark.parametrize(
    "line",
    ["[]", "null", "7", "[" * 100_000, '{"seq":"1"}', "{}"],
)
def test_lines_that_are_no_events_are_told(export: Path, line: str) -> None:
    path = export / "record.jsonl"
    path.write_text(line + "\n" + path.read_text(encoding="utf-8"), encoding="utf-8")

    assert "record.jsonl, event 1" in places(signed_anew(export))


def test_fields_of_another_kind_are_told(export: Path) -> None:
    path = export / "record.jsonl"
    first, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for change in ({"seq": "1"}, {"seq": True}, {"data": None}, {"season": []}):
        path.write_text(canonical({**json.loads(first), **change}) + "\n" + "".join(rest))
        assert not signed_anew(export).holds


def test_a_manifest_that_somebody_made_up_is_a_fault(export: Path) -> None:
    path = export / "manifest.json"
    whole = json.loads(path.read_text())
    for change in ({"files": []}, {"files": {"season.toml": None}}, {"season": 7}):
        content = {**whole, **change}
        del content["digest"]
        digest = hashlib.sha256(canonical(content).encode()).hexdigest()
        path.write_text(canonical({**content, "digest": digest}) + "\n")
        assert "manifest.json" in places(verify_export(export))


def test_a_link_is_not_followed(export: Path) -> None:
    (track,) = (export / "tracks").glob("*.toml")
    track.unlink()
    track.symlink_to("/dev/zero")

    assert f"tracks/{track.name}" in places(verify_export(export))

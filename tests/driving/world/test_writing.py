"""Runs as files: exact cells, the same bytes, nothing half written."""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from concours.driving.world import writing
from concours.driving.world.trace import FIELDS
from concours.driving.world.writing import CannotWrite, write_csv, write_events, write_parquet
from tests.factories.traces import car, small


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_row_for_each_actor_that_is_there(tmp_path: Path) -> None:
    trace = small()
    write_csv(trace, tmp_path / "a.csv")

    rows = rows_of(tmp_path / "a.csv")

    assert tuple(rows[0]) == writing.COLUMNS
    present = [(f"{trace.times[t]:.4f}", n) for t in range(41) for n in names_at(t)]
    assert [(row["time"], row["name"]) for row in rows] == present


def names_at(row: int) -> list[str]:
    return ["Ego", "Other"] if 10 <= row <= 30 else ["Ego"]


def test_cells_have_fixed_decimals_and_roads_their_ids(tmp_path: Path) -> None:
    write_csv(small(), tmp_path / "a.csv")

    lines = (tmp_path / "a.csv").read_bytes().split(b"\n")

    assert lines[1] == (
        b"0.0000,Ego,0.0000,-1.7500,0.0000,0.00000,0.00000,0.00000,10.0000,2.0000,1,-1,0.0000,0.0000"
    )
    other = rows_of(tmp_path / "a.csv")[11]
    assert other["name"] == "Other"
    assert (other["road"], other["lane"], other["s"], other["offset"]) == ("", "0", "", "")
    assert b"-0.0000" not in b"".join(lines)


def test_names_with_commas_quotes_and_new_lines_come_back(tmp_path: Path) -> None:
    name = 'a,"b"\n车'
    write_csv(small(actors=(car(name), car("b"))), tmp_path / "a.csv")

    assert rows_of(tmp_path / "a.csv")[0]["name"] == name


def test_the_same_trace_gives_the_same_bytes(tmp_path: Path) -> None:
    for write in (write_csv, write_events, write_parquet):
        write(small(), tmp_path / "one")
        first = (tmp_path / "one").read_bytes()
        write(small(), tmp_path / "one")
        assert (tmp_path / "one").read_bytes() == first


def test_blocks_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_csv(small(), tmp_path / "whole.csv")
    monkeypatch.setattr(writing, "ROWS", 6)
    write_csv(small(), tmp_path / "parts.csv")

    assert (tmp_path / "whole.csv").read_bytes() == (tmp_path / "parts.csv").read_bytes()


def test_parquet_holds_every_digit(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    trace = small()
    write_parquet(trace, tmp_path / "a.parquet")

    table = pq.read_table(tmp_path / "a.parquet")

    assert tuple(table.column_names) == writing.COLUMNS
    ego = [each for each in table.to_pylist() if each["name"] == "Ego"]
    assert [each["x"] for each in ego] == trace.of("Ego", "x").tolist()
    assert {each["road"] for each in ego} == {"1"}
    other = next(each for each in table.to_pylist() if each["name"] == "Other")
    assert (other["road"], other["lane"], other["s"], other["offset"]) == ("", 0, None, None)


def test_events_stand_by_time_with_touches_and_lights(tmp_path: Path) -> None:
    write_events(small(), tmp_path / "e.csv")

    rows = rows_of(tmp_path / "e.csv")

    assert tuple(rows[0]) == writing.EVENT_COLUMNS
    assert [float(row["time"]) for row in rows] == sorted(float(row["time"]) for row in rows)
    touch = next(row for row in rows if row["kind"] == "touch")
    assert (touch["time"], touch["from"], touch["to"]) == ("2.0000", "Ego", "Other")
    lights = [list(row.values()) for row in rows if row["kind"] == "light"]
    assert lights == [
        ["0.0000", "7", "light", "", "light", "on;off;off"],
        ["2.2000", "7", "light", "on;off;off", "light", "off;off;on"],
    ]
    brake = next(row for row in rows if row["element"].endswith("::Slow"))
    assert brake["element"] == "Story::Act::Group::Maneuver::Brake::Slow"
    assert (brake["kind"], brake["move"], brake["to"]) == (
        "action",
        "startTransition",
        "runningState",
    )


def test_an_empty_run_has_a_header(tmp_path: Path) -> None:
    nobody = small(seconds=0, actors=(), values=np.zeros((1, 0, len(FIELDS))), touches=())
    write_csv(nobody, tmp_path / "a.csv")
    write_parquet(nobody, tmp_path / "a.parquet")

    assert rows_of(tmp_path / "a.csv") == []
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").startswith("time,name,x,")


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old", encoding="utf-8")
    broken = replace(small(), values=np.zeros((41, 3, len(FIELDS))))

    with pytest.raises(IndexError):
        write_csv(broken, path)

    assert path.read_text(encoding="utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]


def test_errors_say_what_helps(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match=r"there is no folder .*; make it first"):
        write_csv(small(), tmp_path / "missing" / "a.csv")
    with pytest.raises(CannotWrite, match="is a folder; name a file in it"):
        write_csv(small(), tmp_path)


def test_without_pyarrow_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(CannotWrite, match=r"pip install 'concours\[reports\]'"):
        write_parquet(small(), tmp_path / "a.parquet")

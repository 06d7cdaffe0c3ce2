"""Work that would not fit is refused before it starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from concours.peerreview import BadInput
from concours.peerreview.files import read_in
from concours.peerreview.memory import (
    NotEnoughMemory,
    available_bytes,
    estimate_matrix,
    estimate_reading,
    in_words,
    require,
)

GB = 10**9


def told(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def system(tmp_path: Path, cgroup: str, **groups: str) -> int | None:
    told(tmp_path / "proc", meminfo="MemTotal: 9000 kB\nMemAvailable: 8000 kB\n")
    told(tmp_path / "proc", self__cgroup=cgroup)
    told(tmp_path / "groups", **groups)
    return available_bytes(proc=tmp_path / "proc", groups=tmp_path / "groups")


def test_without_limits_the_machine_says_what_there_is(tmp_path: Path) -> None:
    assert system(tmp_path, "0::/\n") == 8000 * 1024


def test_a_limit_of_the_group_counts_less_what_is_used_and_not_cache(tmp_path: Path) -> None:
    found = system(
        tmp_path,
        "0::/a/b\n",
        a__b__memory_DOT_max="5000\n",
        a__b__memory_DOT_current="3000\n",
        a__b__memory_DOT_stat="anon 1\ninactive_file 500\n",
        a__memory_DOT_max="max\n",
        a__memory_DOT_current="9\n",
    )
    assert found == 2500


def test_a_limit_of_a_group_above_counts_too(tmp_path: Path) -> None:
    found = system(
        tmp_path,
        "0::/a/b\n",
        a__b__memory_DOT_max="5000",
        a__b__memory_DOT_current="100",
        a__memory_DOT_max="4000",
        a__memory_DOT_current="3990",
    )
    assert found == 10


def test_version_1_of_the_groups_is_read_at_the_root_of_a_container(tmp_path: Path) -> None:
    found = system(
        tmp_path,
        "4:cpu,memory:/outside/name\n0::/\n",
        memory__memory_DOT_limit_in_bytes="6000",
        memory__memory_DOT_usage_in_bytes="7000",
        memory__memory_DOT_stat="total_inactive_file 20\n",
    )
    assert found == 0


def test_a_system_that_does_not_tell_refuses_nothing(tmp_path: Path) -> None:
    assert available_bytes(proc=tmp_path, groups=tmp_path) is None


def test_here_it_is_between_nothing_and_much() -> None:
    found = available_bytes()
    assert found is None or 0 <= found < 1 << 50


def test_work_that_does_not_fit_is_refused_with_what_it_needs_and_the_mend() -> None:
    with pytest.raises(NotEnoughMemory) as caught:
        require(80 * GB, what="a dense matrix", mend="give vectors", available=24 * GB)
    assert str(caught.value) == (
        "a dense matrix needs about 80 GB of memory and 24 GB are available: give vectors"
    )
    assert (caught.value.needed, caught.value.available) == (80 * GB, 24 * GB)
    assert isinstance(caught.value, BadInput)


def test_work_that_fits_with_a_reserve_is_let_through() -> None:
    require(9 * GB, what="x", available=10 * GB)
    with pytest.raises(NotEnoughMemory):
        require(9 * GB + 1, what="x", available=10 * GB)


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1_234_567, "1.23 MB"), (999_600_000, "1 GB")],
)
def test_bytes_are_said_in_units(count: int, words: str) -> None:
    assert in_words(count) == words


def test_a_matrix_that_cannot_fit_is_refused_by_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "s.in"
    path.write_text("30000000 30000000\n")
    if available_bytes() is None:
        pytest.skip("this system does not tell its memory")
    with pytest.raises(NotEnoughMemory, match=r"needs about 2.25e.04 TB.*give the pairs") as caught:
        read_in(path)
    assert caught.value.needed == estimate_matrix(30_000_000**2)


def test_reading_needs_more_than_the_file() -> None:
    for kind in ("csv", "json", "jsonl", "parquet"):
        assert estimate_reading(1_000, kind=kind) > 2_000

"""Compiled maps on disk: the same answers, damage seen, several writers."""

from __future__ import annotations

import mmap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.driving import roads
from concours.driving.roads import cache
from tests.driving.roads.maps import fork, hilly


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "m.xodr"
    path.write_bytes(hilly())
    return path


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.bin"))


def _owner(array: Any) -> Any:
    """Whose memory an array shows."""
    while isinstance(array, np.ndarray):
        array = array.base
    return array.obj if isinstance(array, memoryview) else array


def same(one: roads.RoadNetwork, other: roads.RoadNetwork) -> bool:
    return list(one.arrays) == list(other.arrays) and all(
        np.array_equal(one.arrays[name], other.arrays[name], equal_nan=True) for name in one.arrays
    )


def test_the_second_load_is_mapped_from_disk(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cache"

    first, second = roads.load(source, folder), roads.load(source, folder)

    assert same(first, second)
    assert len(kept(folder)) == 1
    assert isinstance(_owner(second.arrays["lanes"]), mmap.mmap)
    with pytest.raises(ValueError, match="read-only"):
        second.arrays["lanes"][0, 0] = 7


def test_another_map_has_another_file(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    roads.load(source, folder)
    source.write_bytes(fork())

    assert roads.load(source, folder).road_ids == ("1", "2", "3", "10", "11")
    assert len(kept(folder)) == 2


def test_no_cache_writes_nothing(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONCOURS_CACHE", str(tmp_path / "mine"))

    roads.load(source, cache=False)
    assert not (tmp_path / "mine").exists()
    roads.load(source)
    assert len(kept(tmp_path / "mine" / "roads")) == 1


def test_a_folder_that_cannot_be_written_is_left_alone(source: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    assert roads.load(source, blocked / "cache").road_ids == ("h",)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_is_seen_and_mended(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    path = folder / "m.xodr"
    path.write_bytes(hilly())
    network = roads.load(path, folder)
    (file,) = kept(folder)
    whole = bytearray(file.read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        whole = whole[:at]
    else:
        whole[at] ^= data.draw(st.integers(1, 255))
    file.write_bytes(bytes(whole))

    assert cache.read(file) is None
    assert same(roads.load(path, folder), network)
    assert cache.read(file) is not None


def test_many_may_write_at_once(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    with ThreadPoolExecutor(8) as pool:
        networks = list(pool.map(lambda _: roads.load(source, folder), range(16)))

    assert all(same(network, networks[0]) for network in networks)
    assert [path.suffix for path in folder.iterdir()] == [".bin"]

"""The demo: a whole season through the domain functions, the same for the same seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from concours.cli.paths import shipped_seasons
from concours.platform.awards import domain as awards
from concours.platform.core.actors import System
from concours.platform.demo.crowd import archive, crowd
from concours.platform.demo.judges import rubric_points
from concours.platform.demo.play import Played, play
from concours.platform.demo.truth import compare
from concours.platform.record import domain as record
from concours.platform.review import domain as review
from concours.platform.review.domain import PeerResult

FOLDER = shipped_seasons() / "open-atom-2022"


class Silent:
    def __init__(self) -> None:
        self.stages: list[str] = []

    def stage(self, name: str, total: int) -> None:
        self.stages.append(name)

    def step(self, count: int = 1) -> None: ...


def played(slug: str, *, seed: int = 1) -> list[Played]:
    return play(folder=FOLDER, slug=slug, teams=24, seed=seed, progress=Silent())


def outline(item: Played) -> list[tuple[str, int, bool]]:
    """The standings as names, ranks and finalists, without what is random by nature."""
    results = review.peer_results(track=item.track)
    names = {entry.pk: entry.team.name for entry in item.track.entries.select_related("team").all()}
    return sorted((names[pk], result.rank, result.finalist) for pk, result in results.items())


@pytest.mark.django_db
def test_a_season_is_played_to_its_awards_and_again_the_same() -> None:
    first = played("one")
    second = played("two")

    assert len(first) == 2
    assert {item.track.batch.number for item in first} == {1, 2}
    for item, again in zip(first, second, strict=True):
        assert item.finding == again.finding
        assert outline(item) == outline(again)
        round_ = review.round_of(track=item.track)
        assert review.verify_assignment(round=round_) == []
        result = awards.result_of(user=System("tests"), track=item.track)
        assert result is not None
        assert awards.verify_result(result=result).holds
    assert record.verify().holds


def test_a_crowd_follows_from_its_seed() -> None:
    assert crowd(teams=50, seed=3) == crowd(teams=50, seed=3)
    assert crowd(teams=50, seed=3) != crowd(teams=50, seed=4)
    assert len({team.name for team in crowd(teams=500, seed=1)}) == 500


def test_each_team_has_an_archive_of_its_own() -> None:
    teams = crowd(teams=30, seed=1)

    made = {archive(team=team, number=number) for number, team in enumerate(teams)}

    assert len(made) == 30


def test_points_are_whole_and_within_the_rubric() -> None:
    criteria: list[dict[str, Any]] = [
        {"key": "a", "max_points": 4},
        {"key": "b", "max_points": 10},
    ]
    pairs = [(reviewer, (reviewer + step) % 40) for reviewer in range(40) for step in (1, 2, 3)]

    points = rubric_points(
        pairs=pairs, quality=[n / 10 - 2 for n in range(40)], criteria=criteria, seed=b"s"
    )

    assert set(points) == set(pairs)
    assert all(0 <= row["a"] <= 4 and 0 <= row["b"] <= 10 for row in points.values())
    better = sum(points[pair]["b"] for pair in pairs if pair[1] >= 20)
    worse = sum(points[pair]["b"] for pair in pairs if pair[1] < 20)
    assert better > worse


def test_a_perfect_and_a_reversed_standing_are_told_apart() -> None:
    quality = {n: float(n) for n in range(10)}

    def results(order: list[int]) -> dict[int, PeerResult]:
        return {
            entry: PeerResult(
                points_milli=0, rank=place, rank_low=place, rank_high=place, finalist=place <= 3
            )
            for place, entry in enumerate(order, start=1)
        }

    perfect = compare(quality=quality, results=results(list(range(9, -1, -1))))
    reversed_ = compare(quality=quality, results=results(list(range(10))))

    found = (perfect.spearman, perfect.kendall, perfect.recall, perfect.covered)
    assert found == pytest.approx((1, 1, 1, 1))
    assert (reversed_.spearman, reversed_.recall) == pytest.approx((-1, 0))


def test_the_season_that_the_demo_plays_is_shipped() -> None:
    assert (Path(FOLDER) / "season.toml").is_file()

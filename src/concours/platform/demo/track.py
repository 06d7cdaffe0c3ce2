"""One track of the demo, from its first entry to its awards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from concours.platform.accounts.domain.people import create_person
from concours.platform.awards import domain as awards
from concours.platform.competitions import domain as competitions
from concours.platform.competitions.enums import PhaseKind
from concours.platform.core import clock
from concours.platform.demo.crowd import SimulatedTeam, archive
from concours.platform.demo.judges import rubric_points
from concours.platform.demo.truth import Finding, compare
from concours.platform.review import domain as review

CHUNK = 100
"""Acts in one transaction; each is a domain function with a savepoint of its own."""
JURORS = 3
JURY_BIAS_SD, JURY_NOISE_SD = 0.2, 0.3
JURY = {"key": "jury", "max_points": 100_000}
"""A juror gives one score, in thousandths of a point."""

T = TypeVar("T")


@dataclass(kw_only=True)
class Player:
    """A team of the crowd with its people and its entry in the track."""

    team: SimulatedTeam
    people: list[Any]
    entry: Any


@dataclass(kw_only=True)
class TrackPlay:
    """Plays one track. `seed` decides all that chance decides; `progress` is told of each step."""

    track: Any
    organiser: Any
    director: Any
    seed: bytes
    progress: Any
    players: list[Player] = field(default_factory=list)

    def run(self, teams: Sequence[SimulatedTeam]) -> Finding:
        """Every stage in order; returns what the standings found of the teams' true qualities."""
        self.enter(teams)
        self.submit()
        round_ = review.round_of(track=self.track)
        self.advance(to=PhaseKind.PEER_REVIEW)
        self.assign(round_)
        self.write_reviews(round_)
        self.stand(round_)
        self.advance(to=PhaseKind.FINAL)
        self.judge()
        self.advance(to=PhaseKind.RESULT)
        self.award()
        return compare(quality=self.quality(), results=review.peer_results(track=self.track))

    def quality(self) -> dict[int, float]:
        return {player.entry.pk: player.team.quality for player in self.players}

    def enter(self, teams: Sequence[SimulatedTeam]) -> None:
        self.progress.stage(f"{self.track}: teams enter", len(teams))
        rules = competitions.current_rules(self.track)
        if rules is None:
            raise ValueError(f"{self.track.code} has not started")
        moments = spread(self.track.starts_at, self.track.registration_closes_at, len(teams))
        for chunk in chunks(zip(range(len(teams)), teams, moments, strict=True)):
            with transaction.atomic():
                for number, team, moment in chunk:
                    with clock.frozen_at(moment):
                        self.players.append(self._enter_one(number, team, rules.number))
                    self.progress.step()

    def _enter_one(self, number: int, team: SimulatedTeam, rules: int) -> Player:
        season = self.track.season
        people = [
            create_person(
                actor=self.director,
                email=f"{self.track.slug}-{number + 1}-{member + 1}@{season.slug}.example",
                name=name,
            )
            for member, name in enumerate(team.people)
        ]
        captain = people[0]
        founded = competitions.create_team(actor=captain, season=season, name=team.name)
        for member in people[1:]:
            _, key = competitions.invite(actor=captain, team=founded, email=member.email)
            competitions.accept_invitation(actor=member, key=key)
        entry = competitions.enter_track(
            actor=captain,
            track=self.track,
            team=founded,
            title=team.title,
            abstract=team.abstract,
            accepted_rules=rules,
        )
        return Player(team=team, people=people, entry=entry)

    def submit(self) -> None:
        self.progress.stage(f"{self.track}: submissions", len(self.players))
        with tempfile.TemporaryDirectory(prefix="concours-demo-") as folder:
            path = Path(folder) / "submission.zip"
            # In the last tenth of the registration phase, one after another.
            phase = self.track.phase
            since = phase.ends_at - (phase.ends_at - phase.starts_at) / 10
            moments = spread(since, phase.ends_at, len(self.players))
            numbered = zip(range(len(self.players)), self.players, moments, strict=True)
            for chunk in chunks(numbered):
                with transaction.atomic():
                    for number, player, moment in chunk:
                        path.write_bytes(archive(team=player.team, number=number))
                        with clock.frozen_at(moment):
                            competitions.submit_archive(
                                actor=player.people[0], entry=player.entry, path=path
                            )
                        self.progress.step()

    def advance(self, *, to: PhaseKind) -> None:
        """Let the organiser close each phase as it ends, until the one of that kind is active."""
        while self.track.phase.kind != to:
            leaving = self.track.phase
            with clock.frozen_at(leaving.ends_at):
                self.track = competitions.advance_phase(
                    actor=self.organiser, track=self.track, leaving=leaving
                )

    def assign(self, round_: Any) -> None:
        self.progress.stage(f"{self.track}: who reviews whom", 1)
        with clock.frozen_at(max(round_.opens_at, self.track.phase.starts_at)):
            review.assign_reviews(actor=self.organiser, round=round_)
        self.progress.step()

    def write_reviews(self, round_: Any) -> None:
        place = {player.entry.pk: index for index, player in enumerate(self.players)}
        duties = [
            (place[duty.reviewer_entry_id], duty)
            for duty in review.drawn_duties(actor=self.director, round=round_)
            if self.players[place[duty.reviewer_entry_id]].team.diligent
        ]
        points = rubric_points(
            pairs=[(reviewer, place[duty.entry_id]) for reviewer, duty in duties],
            quality=[player.team.quality for player in self.players],
            criteria=round_.params["criteria"],
            seed=self.seed,
        )
        self.progress.stage(f"{self.track}: reviews", len(duties))
        moments = spread(round_.opens_at, round_.closes_at, len(duties))
        for chunk in chunks(zip(duties, moments, strict=True)):
            with transaction.atomic():
                for (reviewer, duty), moment in chunk:
                    scores = points[reviewer, place[duty.entry_id]]
                    with clock.frozen_at(moment):
                        review.submit_review(
                            actor=self.players[reviewer].people[0],
                            assignment=duty,
                            scores=scores,
                            comment=comment_on(scores),
                        )
                    self.progress.step()

    def stand(self, round_: Any) -> None:
        self.progress.stage(f"{self.track}: standings", 3)
        with clock.frozen_at(round_.closes_at):
            review.close_round(actor=self.organiser, round=round_)
            self.progress.step()
            snapshot = review.compute_standings(actor=self.organiser, round=round_)
            self.progress.step()
            review.publish_standings(actor=self.organiser, snapshot=snapshot)
            self.progress.step()

    def judge(self) -> None:
        """Three invited experts, more exact than peers, score every finalist."""
        results = review.peer_results(track=self.track)
        finalists = [
            (index, player)
            for index, player in enumerate(self.players)
            if player.entry.pk in results and results[player.entry.pk].finalist
        ]
        self.progress.stage(f"{self.track}: jury", len(finalists) * JURORS)
        with transaction.atomic(), clock.frozen_at(self.track.phase.starts_at):
            jurors = [self._juror(number) for number in range(JURORS)]
            points = rubric_points(
                pairs=[(juror, index) for juror in range(JURORS) for index, _ in finalists],
                quality=[player.team.quality for player in self.players],
                criteria=[JURY],
                seed=self.seed + b"jury",
                bias_sd=JURY_BIAS_SD,
                noise_sd=JURY_NOISE_SD,
            )
            for number, juror in enumerate(jurors):
                for index, player in finalists:
                    awards.score_as_juror(
                        actor=juror,
                        entry=player.entry,
                        points_milli=points[number, index]["jury"],
                    )
                    self.progress.step()

    def _juror(self, number: int) -> Any:
        person = create_person(
            actor=self.director,
            email=f"juror-{self.track.slug}-{number + 1}@{self.track.season.slug}.example",
            name=f"Juror {number + 1}",
        )
        awards.appoint_juror(actor=self.organiser, track=self.track, user=person)
        return person

    def award(self) -> None:
        self.progress.stage(f"{self.track}: result and awards", 1)
        with clock.frozen_at(self.track.phase.starts_at):
            result = awards.compute_result(actor=self.organiser, track=self.track)
            awards.publish_result(actor=self.organiser, result=result)
        self.progress.step()


def spread(since: datetime, until: datetime, count: int) -> list[datetime]:
    """`count` moments at equal distances from `since` on, all before `until`."""
    return [since + (until - since) * number / max(1, count) for number in range(count)]


def chunks(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def comment_on(scores: dict[str, int]) -> str:
    """What a simulated reviewer writes."""
    best, worst = max(scores, key=scores.__getitem__), min(scores, key=scores.__getitem__)
    return f"Strongest in {best}, weakest in {worst}. (Written by the simulated crowd.)"

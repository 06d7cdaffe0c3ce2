"""What a dossier tells, what it never tells, and what stands beside it."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from concours.platform.accounts.domain.holdings import Erasing
from concours.platform.accounts.models import User
from concours.platform.competitions.domain.lookups import latest_submission
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted
from concours.platform.evaluations.models import CaseResult
from concours.platform.handover import domain
from concours.platform.handover.document import digest_of, read, seal_of, to_text
from concours.platform.handover.domain.code import licence_of
from concours.platform.handover.domain.gathering import dossier_text, evaluations_of
from concours.platform.handover.domain.people import erased
from concours.platform.handover.models import Handover
from concours.platform.integrity.domain import make_report
from concours.platform.review.domain import counting_reviews, round_of
from concours.platform.review.models import Review
from tests.factories import appeals, boards, competitions, handover
from tests.factories.competitions import ACTOR
from tests.factories.people import person

pytestmark = pytest.mark.django_db


def text_of(made: Handover) -> str:
    with clock.frozen_at(handover.AFTER):
        return dossier_text(handover=made, licence=licence_of(entry=made.entry))


def parts(made: Handover) -> dict[str, Any]:
    return domain.parts_of(made.dossier)


def test_it_tells_what_is_public_of_a_win(tmp_path: Path) -> None:
    made = handover.done(folder=tmp_path)
    told, entry = parts(made), made.entry
    submission = latest_submission(entry=entry)
    assert submission is not None
    assert (told["entry"], told["team"]) == (entry.code, entry.team.code)
    assert told["code"]["digest"] == submission.digest
    assert told["code"]["content_digest"] == submission.content_digest
    assert told["code"]["kind"] == "archive"
    assert (told["result"]["place"], told["result"]["entries"]) == (1, 6)
    assert [one["title"] for one in told["awards"]] == ["First prize"]
    standing = told["standing"]
    assert standing["rank_low"] <= standing["rank"] <= standing["rank_high"]
    assert standing["entries"] == 6
    assert told["reviews"] == {"counted": 2, "released": []}
    assert told["integrity"] is None


def test_an_archive_tells_nothing_of_sign_offs(tmp_path: Path) -> None:
    made = handover.done(folder=tmp_path)
    assert parts(made)["code"]["sign_off"] == {"state": "not-known", "commits": 0}
    assert parts(made)["code"]["licence"] == {"state": "none", "files": 0, "found": []}


@pytest.mark.parametrize(("known", "state"), [(True, "signed-off"), (False, "not-signed-off")])
def test_a_commit_s_sign_off_goes_along(tmp_path: Path, known: bool, state: str) -> None:
    made = handover.agreed(folder=tmp_path)
    made.entry.submissions.update(
        kind="git", git_commit="c0" * 20, git_signed_off=known, git_url="https://git.example/a/b"
    )
    told = read(text_of(made))["code"]
    assert told["sign_off"] == {"state": state, "commits": 1}
    assert told["commit"] == "c0" * 20
    assert "git.example" not in text_of(made)


def test_the_integrity_report_s_findings_go_along(tmp_path: Path) -> None:
    made = handover.agreed(folder=tmp_path)
    with clock.frozen_at(handover.AFTER):
        report = make_report(actor=ACTOR, season=made.entry.track.season)
    told = read(text_of(made))["integrity"]
    assert (told["number"], told["digest"], told["faults"]) == (1, report.digest, [])


def test_reviews_go_along_by_leave_alone(tmp_path: Path, refuses: Any) -> None:
    made = handover.agreed(folder=tmp_path)
    first, second = handover.reviewers(made)
    with clock.frozen_at(handover.AFTER):
        domain.give_leave(actor=first, handover=made)
        domain.give_leave(actor=second, handover=made)
        domain.withdraw_leave(actor=second, handover=made)
        with refuses("no-leave"):
            domain.withdraw_leave(actor=second, handover=made)
    handover.act(made)
    made.refresh_from_db()
    told = parts(made)["reviews"]
    assert (told["counted"], len(told["released"])) == (2, 1)
    review = Review.objects.get(assignment__reviewer=first, assignment__entry=made.entry)
    beside = domain.beside(dossier=made.dossier)["reviews"]
    assert [one["text"] for one in beside] == [review.comment]
    assert told["released"][0]["points_milli"] == review.points_milli
    assert told["released"][0]["seal"] == seal_of(salt=beside[0]["salt"], text=review.comment)


def test_leave_taken_back_takes_the_text_away(tmp_path: Path, refuses: Any) -> None:
    made = handover.done(folder=tmp_path, leaves=1)
    reviewer, digest = handover.reviewers(made)[0], made.dossier.digest
    with clock.frozen_at(handover.AFTER):
        domain.withdraw_leave(actor=reviewer, handover=made)
        with refuses("handed-over"):
            domain.give_leave(actor=reviewer, handover=made)
    assert domain.beside(dossier=made.dossier)["reviews"] == []
    made.dossier.refresh_from_db()
    assert made.dossier.digest == digest == digest_of(made.dossier.content)


def worse_on(entry: Entry) -> str:
    """The alias of whoever gave the entry the fewest points."""
    found = counting_reviews(round=round_of(track=entry.track), entry=entry)
    return min(found, key=lambda one: sum(one.scores.values())).alias


def test_a_review_that_was_struck_does_not_go_along(tmp_path: Path, refuses: Any) -> None:
    track = appeals.ended(folder=tmp_path)
    entry = handover.winner(track)
    with clock.frozen_at(appeals.LATER):
        # Without its worse review it stays in the first place.
        appeals.apply(appeals.strike(of=track, entry=entry, alias=worse_on(entry)))
    assert handover.winner(track) == entry
    made = handover.agreed(folder=tmp_path, of=track)
    assert read(text_of(made))["reviews"]["counted"] == 1


def test_it_holds_no_name_and_no_word_of_anybody(tmp_path: Path) -> None:
    made = handover.agreed(folder=tmp_path, repository_shown=True)
    baits = ["BaitComment", "BaitPrivate", "BaitName", "bait@example.org", "BaitTitle", "BaitTeam"]
    Review.objects.update(comment="BaitComment", private_comment="BaitPrivate")
    User.objects.update(name="BaitName")
    User.objects.filter(pk=handover.captain(made).pk).update(email="bait@example.org")
    made.entry.title, made.entry.team.name = "BaitTitle", "BaitTeam"
    made.entry.save()
    made.entry.team.save()
    made.entry.submissions.update(git_url="https://git.example/BaitName/x")
    for user in handover.reviewers(made):
        with clock.frozen_at(handover.AFTER):
            domain.give_leave(actor=user, handover=made)
    text = text_of(made)
    assert [one for one in baits if one in text] == []
    for user in User.objects.all():
        assert user.code not in text


def test_beside_it_stands_who_agrees_today(tmp_path: Path) -> None:
    made = handover.done(folder=tmp_path, repository_shown=True)
    captain = handover.captain(made)
    made.entry.submissions.update(git_url="https://git.example/a/b")
    assert domain.beside(dossier=made.dossier)["people"] == []
    with clock.frozen_at(handover.AFTER):
        domain.say(actor=captain, handover=made, named=True, mentors=False)
    beside = domain.beside(dossier=made.dossier)
    assert [one["name"] for one in beside["people"]] == [captain.display_name]
    assert beside["people"][0]["member"] in {one["member"] for one in parts(made)["people"]}
    assert beside["repository"] == "https://git.example/a/b"
    erased(Erasing(user=captain, names=(captain.name,)))
    made = Handover.objects.get(pk=made.pk)
    beside = domain.beside(dossier=made.dossier)
    assert (beside["people"], beside["repository"]) == ([], "")


@pytest.mark.parametrize("fields", [{"is_active": False}, {"under_age": True}])
def test_who_left_or_is_under_age_is_not_named(tmp_path: Path, fields: dict[str, Any]) -> None:
    made = handover.done(folder=tmp_path)
    captain = handover.captain(made)
    with clock.frozen_at(handover.AFTER):
        domain.say(actor=captain, handover=made, named=True, mentors=False)
    User.objects.filter(pk=captain.pk).update(**fields)
    assert domain.beside(dossier=made.dossier)["people"] == []


def test_an_address_stands_beside_it_by_the_captain_s_word_alone(tmp_path: Path) -> None:
    made = handover.done(folder=tmp_path, repository_shown=False)
    made.entry.submissions.update(git_url="https://git.example/a/b")
    assert domain.beside(dossier=made.dossier)["repository"] == ""


def test_the_zip_is_the_same_each_time(tmp_path: Path) -> None:
    made = handover.done(folder=tmp_path, leaves=2)
    packed = domain.packed(dossier=made.dossier)
    assert packed == domain.packed(dossier=made.dossier)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert sorted(archive.namelist()) == ["beside.json", "bundles.txt", "dossier.json"]
        assert archive.read("dossier.json").decode() == made.dossier.content
        assert json.loads(archive.read("beside.json"))["of"] == made.dossier.digest


def test_the_same_record_gives_the_same_dossier(tmp_path: Path) -> None:
    made = handover.agreed(folder=tmp_path)
    first = text_of(made)
    with clock.frozen_at(handover.AFTER + timedelta(days=400)):
        assert dossier_text(handover=made, licence=licence_of(entry=made.entry)) == first
    told = json.loads(first)
    told["people"].reverse()
    told["reviews"]["released"].reverse()
    assert to_text(dict(reversed(told.items()))) == first


def test_nobody_but_the_reviewer_gives_leave(tmp_path: Path) -> None:
    made = handover.agreed(folder=tmp_path)
    for user in (person(), handover.captain(made)):
        with pytest.raises(NotPermitted):
            domain.give_leave(actor=user, handover=made)


def test_a_result_replaced_since_is_told(tmp_path: Path) -> None:
    made = handover.done(folder=tmp_path)
    assert not domain.replaced_since(made.dossier)
    made.entry.track.results.update(state="superseded")
    assert domain.replaced_since(made.dossier)


def test_what_a_machine_sealed_stays_sealed(tmp_path: Path) -> None:
    made = boards.field(tmp_path)
    entry = made.enter("A work")
    made.score(entry, 3.0, margin=987.625)
    track = competitions.advance(made.track, to=PhaseKind.RESULT)
    entry = track.entries.get(pk=entry.pk)
    told = evaluations_of(entry)
    assert [one["values"] for one in told] == [{"right": 3.0}]
    text = json.dumps(told)
    assert "987.625" not in text
    for case in CaseResult.objects.all():
        assert f'"{case.case}"' not in text

"""What of a run may go on beyond its team: public columns, seals, and no case by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser

from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry
from concours.platform.evaluations.domain.onward import OnwardRun, onward_runs
from concours.platform.evaluations.models import CaseResult, Evaluation
from tests.factories import boards, competitions

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


def told(entry: Entry) -> list[OnwardRun]:
    entry = Entry.objects.select_related("track__phase").get(pk=entry.pk)
    found = []
    for submission in entry.submissions.order_by("number"):
        submission.entry = entry
        found += onward_runs(user=STRANGER, submission=submission)
    return found


def test_nothing_before_scores_are_for_everybody(tmp_path: Path) -> None:
    made = boards.field(tmp_path)
    entry = made.enter("A work")
    made.score(entry, 3.0)
    assert told(entry) == []


@pytest.mark.parametrize("split", ["practice", "ranking"])
def test_sealed_columns_and_cases_stay_sealed(tmp_path: Path, split: str) -> None:
    made = boards.field(tmp_path)
    entry = made.enter("A work")
    run = made.score(entry, 3.0, margin=987.625)
    # As if the ranking phase had made it.
    Evaluation.objects.filter(pk=run.pk).update(split=split)
    CaseResult.objects.filter(evaluation=run).update(
        artefacts=[{"name": "bait-case.json", "size": 7, "digest": "ab" * 32}]
    )
    competitions.advance(made.track, to=PhaseKind.RESULT)
    (one,) = told(entry)
    assert (one.code, one.split, one.seal) == (run.code, split, run.seal)
    assert dict(one.values) == {"right": 3.0}
    public = run.evaluator.split(split)["public"]
    assert one.digest == (run.digest if public else "")
    cases = CaseResult.objects.filter(evaluation=run).count()
    assert one.bundles == ((("ab" * 32, 7),) * cases if public else ())
    assert "bait-case" not in repr(one)
    for case in CaseResult.objects.filter(evaluation=run):
        assert case.case not in repr(one)


def test_staged_runs_are_nobody_s(tmp_path: Path) -> None:
    made = boards.field(tmp_path)
    entry = made.enter("A work")
    run = made.score(entry, 3.0)
    Evaluation.objects.filter(pk=run.pk).update(reevaluation="staged")
    competitions.advance(made.track, to=PhaseKind.RESULT)
    assert told(entry) == []

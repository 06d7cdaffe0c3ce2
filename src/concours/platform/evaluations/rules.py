"""Who may see and do what with evaluators, evaluations and workers."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q, QuerySet

from concours.platform.accounts.domain.permissions import (
    is_operator,
    is_organiser,
    organised_season_ids,
)
from concours.platform.competitions.domain.permissions import (
    is_of_team,
    member_team_ids,
    scores_are_public,
)
from concours.platform.evaluations.enums import Split
from concours.platform.evaluations.models import Evaluation, Evaluator


def _track_of(subject: Any) -> Any:
    """The track that an evaluation, a submission, an entry or an evaluator is of, or itself."""
    if isinstance(subject, Evaluation):
        return subject.submission.entry.track
    if hasattr(subject, "entry"):
        return subject.entry.track
    return getattr(subject, "track", subject)


@rules.predicate
def organises(user: Any, subject: Any) -> bool:
    return is_organiser(user, _track_of(subject).season_id)


@rules.predicate
def is_own(user: Any, subject: Any) -> bool:
    """`subject` is an Evaluation or a Submission."""
    submission = subject.submission if isinstance(subject, Evaluation) else subject
    return bool(is_of_team(user, submission))


@rules.predicate
def ordinary(user: Any, evaluation: Evaluation) -> bool:
    """Not of a staged re-evaluation, which only staff know of."""
    return not evaluation.reevaluation


@rules.predicate
def cases_are_public(user: Any, evaluation: Evaluation) -> bool:
    split = evaluation.evaluator.split(evaluation.split)
    return split is not None and split["public"]


rules.add_perm("evaluations.enqueue", is_own | organises)
rules.add_perm("evaluations.view_evaluation", (is_own & ordinary) | organises)
rules.add_perm("evaluations.view_cases", (is_own & ordinary & cases_are_public) | organises)
rules.add_perm("evaluations.view_detail", organises)
rules.add_perm("evaluations.cancel", (is_own & ordinary) | organises)
rules.add_perm("evaluations.requeue", organises)
rules.add_perm("evaluations.reevaluate", organises)
rules.add_perm("evaluations.attach_evaluator", organises)
rules.add_perm("evaluations.manage_evaluator", organises)
rules.add_perm("evaluations.view_desk", organises)
rules.add_perm("evaluations.manage_worker", is_operator)


def _organised(user: Any, path: str) -> Q:
    seasons = organised_season_ids(user)
    # An empty Q would vanish from "own or organised" and leave only what is own.
    return Q(pk__isnull=False) if seasons is None else Q(**{f"{path}__in": seasons})


def visible_evaluations(user: Any) -> QuerySet[Evaluation]:
    """One's own team's, without staged re-evaluations; all of a season for its organisers."""
    own = Q(submission__entry__team_id__in=member_team_ids(user), reevaluation="")
    return Evaluation.objects.filter(own | _organised(user, "submission__entry__track__season_id"))


def managed_evaluators(user: Any) -> QuerySet[Evaluator]:
    return Evaluator.objects.filter(_organised(user, "track__season_id"))


def visible_columns(user: Any, evaluation: Evaluation) -> list[dict[str, Any]]:
    """The columns whose total `user`, who may see the evaluation, may read.

    Organisers read all. Its team reads public columns at once, except of the final; sealed columns
    and those of the final when the track's phase shows scores to everyone.
    """
    columns = evaluation.evaluator.columns
    track = evaluation.submission.entry.track
    if organises(user, evaluation) or scores_are_public(user, track):
        return columns
    if evaluation.split == Split.FINAL:
        return []
    return [column for column in columns if column["public"]]

"""Admitting, hearing and deciding appeals: the side of those who judge."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from concours.platform.appeals.domain.locks import lock_appeal, note
from concours.platform.appeals.domain.recusal import require_unbiased
from concours.platform.appeals.domain.telling import tell_team
from concours.platform.appeals.domain.words import MOST_DECISION, digest_of, needed
from concours.platform.appeals.enums import AppealState, Outcome
from concours.platform.appeals.models import Appeal
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.wording import passage

FILED = frozenset({AppealState.FILED})
ADMITTED = frozenset({AppealState.ADMITTED})
DECIDABLE = frozenset({AppealState.ADMITTED, AppealState.HEARD})


@transaction.atomic
def admit_appeal(*, actor: Any, appeal: Appeal) -> Appeal:
    """Take the appeal on: it will be decided on its merits. Refusals as of `decide_appeal`."""
    appeal = _judged(actor, appeal, FILED)
    appeal.state = AppealState.ADMITTED
    appeal.admitted_at, appeal.admitted_by = clock.now(), _person(actor)
    appeal.save(update_fields=["state", "admitted_at", "admitted_by"])
    note(actor=actor, verb="appeal.admitted", appeal=appeal)
    tell_team(appeal)
    return appeal


@transaction.atomic
def dismiss_appeal(*, actor: Any, appeal: Appeal, decision: str, decision_zh: str = "") -> Appeal:
    """End an appeal that is not admissible, with written reasons."""
    appeal = _judged(actor, appeal, FILED)
    return _end(
        actor=actor,
        appeal=appeal,
        state=AppealState.DISMISSED,
        decision=decision,
        decision_zh=decision_zh,
    )


@transaction.atomic
def hear_appeal(*, actor: Any, appeal: Appeal, hearing: str) -> Appeal:
    """Note what was said when the team was heard; the team reads it."""
    appeal = _judged(actor, appeal, ADMITTED)
    appeal.hearing = needed(hearing, most=MOST_DECISION)
    appeal.state, appeal.heard_at = AppealState.HEARD, clock.now()
    appeal.save(update_fields=["state", "heard_at", "hearing"])
    note(
        actor=actor,
        verb="appeal.heard",
        appeal=appeal,
        digest=digest_of({"salt": appeal.salt, "hearing": appeal.hearing}),
    )
    tell_team(appeal)
    return appeal


@transaction.atomic
def decide_appeal(
    *, actor: Any, appeal: Appeal, outcome: Outcome, decision: str, decision_zh: str = ""
) -> Appeal:
    """Decide an admitted appeal, with written reasons; they are published while scores are shown.

    What follows from it is a change set of its own. Raises NotPermitted for whoever neither runs
    the season nor was appointed, Refused for one who must stand aside, without reasons, and unless
    the appeal is admitted.
    """
    appeal = _judged(actor, appeal, DECIDABLE)
    appeal.outcome = outcome
    return _end(
        actor=actor,
        appeal=appeal,
        state=AppealState.DECIDED,
        decision=decision,
        decision_zh=decision_zh,
    )


def _judged(actor: Any, appeal: Appeal, states: frozenset[AppealState]) -> Appeal:
    appeal = lock_appeal(appeal, states=states)
    require(actor, "appeals.judge", appeal)
    require_unbiased(actor=actor, appeal=appeal)
    return appeal


def _end(
    *, actor: Any, appeal: Appeal, state: AppealState, decision: str, decision_zh: str
) -> Appeal:
    appeal.decision = needed(decision, most=MOST_DECISION)
    appeal.decision_zh = passage(decision_zh.strip(), most=MOST_DECISION)
    appeal.state = state
    appeal.ended_at, appeal.ended_by = clock.now(), _person(actor)
    appeal.save(
        update_fields=["state", "outcome", "decision", "decision_zh", "ended_at", "ended_by"]
    )
    said = {"decision": appeal.decision, "decision_zh": appeal.decision_zh}
    note(
        actor=actor,
        verb=f"appeal.{state}",
        appeal=appeal,
        outcome=str(appeal.outcome),
        digest=digest_of(said),
    )
    tell_team(appeal)
    return appeal


def _person(actor: Any) -> Any:
    """The actor as a foreign key takes it: a system actor is in the record alone."""
    return actor if actor.pk is not None else None

"""Whom an event concerns: functions from the event and its subject to people's keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Q

from concours.platform.accounts.domain.lookups import staff_addresses
from concours.platform.appeals.domain.telling import addresses_of_judges
from concours.platform.competitions.enums import EntryState
from concours.platform.criteria.domain import maintainers_of
from concours.platform.governance.domain import voters_concerned
from concours.platform.handover.domain import reviewers_of
from concours.platform.incubation.domain import mentors_of
from concours.platform.review.enums import AssignmentState

Who = Callable[[Any, Any], Iterable[int]]
"""(event, its subject) -> keys of people."""


def members(event: Any, subject: Any) -> Iterable[int]:
    """The people of the team that the subject is of, or is."""
    row = getattr(subject, "submission", subject)
    row = getattr(row, "entry", row)
    team = getattr(row, "team", row)
    found: Iterable[int] = team.memberships.values_list("user_id", flat=True)
    return found


def ordinary_run(event: Any, subject: Any) -> Iterable[int]:
    """The team whose submission ran. Of a staged re-evaluation, and of a baseline, nobody."""
    if subject.reevaluation or subject.submission.entry.baseline:
        return ()
    return members(event, subject)


def entrants(event: Any, track: Any) -> Iterable[int]:
    """Everyone who takes part in the track."""
    taking = track.participations.filter(entry__state=EntryState.ENTERED, entry__baseline=False)
    found: Iterable[int] = taking.values_list("user_id", flat=True)
    return found


def reviewers(event: Any, round_: Any) -> Iterable[int]:
    """Everyone with reviews to do in the round."""
    found: Iterable[int] = round_.assignments.values_list("reviewer_id", flat=True).distinct()
    return found


def reviewers_behind(event: Any, round_: Any) -> Iterable[int]:
    """Everyone with reviews left undone in the round."""
    found: Iterable[int] = (
        round_.assignments.filter(state=AssignmentState.PENDING)
        .values_list("reviewer_id", flat=True)
        .distinct()
    )
    return found


def reminded(event: Any, round_: Any) -> Iterable[int]:
    """Those whom that reminder went to."""
    days = json.loads(event.data).get("days")
    near = event.at - timedelta(seconds=5)
    found: Iterable[int] = round_.reminders.filter(
        days=days, sent_at__gt=near, sent_at__lte=event.at
    ).values_list("reviewer_id", flat=True)
    return found


def handover_reviewers(event: Any, handover: Any) -> Iterable[int]:
    """Those whose released reviews of the entry could go along with it."""
    return reviewers_of(handover)


def given_anew(event: Any, round_: Any) -> Iterable[int]:
    """Those whom that replacement gave further reviews."""
    return _of_replacement(event, round_, "given_in")


def lost_duties(event: Any, round_: Any) -> Iterable[int]:
    """Those from whom that replacement took reviews."""
    return _of_replacement(event, round_, "lost_in")


def _of_replacement(event: Any, round_: Any, column: str) -> Iterable[int]:
    number = json.loads(event.data).get("number")
    found: Iterable[int] = (
        round_.assignments.filter(**{column: number})
        .values_list("reviewer_id", flat=True)
        .distinct()
    )
    return found


def moved(event: Any, change_set: Any) -> Iterable[int]:
    """The teams whose rank, place or prize the change set changed."""
    codes = [move["code"] for move in change_set.preview.get("moves", [])]
    memberships = apps.get_model("competitions.Membership")._default_manager
    found: Iterable[int] = (
        memberships.filter(
            team__entries__code__in=codes, team__entries__track_id=change_set.track_id
        )
        .values_list("user_id", flat=True)
        .distinct()
    )
    return found


def judges(event: Any, appeal: Any) -> Iterable[int]:
    """Staff of the season and the track's appeal judges."""
    return _holders(address for address, _language in addresses_of_judges(appeal))


def invited(event: Any, invitation: Any) -> Iterable[int]:
    """Whoever holds the account of that address, once it is proved to be theirs."""
    found: Iterable[int] = EmailAddress.objects.filter(
        email__iexact=invitation.email, verified=True
    ).values_list("user_id", flat=True)
    return [*found, *_holders([invitation.email])]


def voters(event: Any, vote: Any) -> Iterable[int]:
    """Who votes, or would if it opened now, and who speaks for the project."""
    return (*voters_concerned(vote), *filter(None, [vote.review.spokesperson_id]))


def proposer(event: Any, proposal: Any) -> Iterable[int]:
    return (proposal.proposer_id,)


def owner(event: Any, webhook: Any) -> Iterable[int]:
    return (webhook.owner_id,)


def holder(event: Any, credential: Any) -> Iterable[int]:
    return (credential.user_id,)


def donating(event: Any, donation: Any) -> Iterable[int]:
    """Who proposed the donation, is to sign it, or to witness."""
    mandates = donation.mandates.filter(ended_at__isnull=True)
    witnesses = donation.witnesses.values_list("user_id", flat=True)
    return [donation.proposed_by_id, *mandates.values_list("user_id", flat=True), *witnesses]


def receiving(event: Any, donation: Any) -> Iterable[int]:
    """Who runs the installation."""
    return _holders(address for address, _language in staff_addresses(season_id=None))


def maintaining(event: Any, row: Any) -> Iterable[int]:
    """Who maintains the project that the subject is of."""
    return maintainers_of(project=row.project)


def mentoring(event: Any, row: Any) -> Iterable[int]:
    """Who looks after the project that the subject is of."""
    return mentors_of(project=row.project)


def looking_after(event: Any, row: Any) -> Iterable[int]:
    """Maintainers and mentors both."""
    return [*maintaining(event, row), *mentoring(event, row)]


def around_review(event: Any, review: Any) -> Iterable[int]:
    """Maintainers, mentors and who runs the installation."""
    return [*looking_after(event, review), *receiving(event, review)]


def mentor_and_maintainers(event: Any, row: Any) -> Iterable[int]:
    """The mentor of that mentoring, and who maintains its project."""
    return [row.mentor.user_id, *maintaining(event, row)]


def the_mentor(event: Any, mentor: Any) -> Iterable[int]:
    return (mentor.user_id,)


def oneself(event: Any, user: Any) -> Iterable[int]:
    return (user.pk,)


def _holders(addresses: Iterable[str]) -> Iterable[int]:
    people = get_user_model()._default_manager
    found: Iterable[int] = people.filter(Q(email__in=set(addresses))).values_list("pk", flat=True)
    return found

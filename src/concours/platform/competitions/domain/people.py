"""What competitions keep of a person, and what a merge or an erasure means to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Model, QuerySet
from django.utils.translation import gettext as _

from concours.platform.accounts.domain.holdings import Erasing, Exported, Holding
from concours.platform.competitions.enums import EntryState, PhaseKind, TrackState
from concours.platform.competitions.models import (
    Entry,
    Invitation,
    Membership,
    Participation,
    ProposalComment,
    Submission,
    Team,
    TrackProposal,
)

ERASED = "[…]"
"""What stands where a text named somebody who is gone."""
ERASED_ADDRESS = "erased@closed.invalid"
TEXTS: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = (
    (Entry, "team", ("title", "abstract", "state_reason", "llm_text")),
    (Submission, "entry__team", ("note", "git_url", "git_revision", "refusal_message")),
)
"""What a team says of its work: (model, path to the team, columns)."""
PROPOSED = ("topic", "owner", "description", "rules", "format", "prizes", "decision_reason")


def against_merging(first: Any, second: Any) -> Iterator[str]:
    """One person takes part in a track once, and is of a team once."""
    both = Participation.objects.filter(user=first).values("track_id")
    for shared in Participation.objects.filter(user=second, track_id__in=both).select_related(
        "track"
    ):
        yield _("Both accounts take part in the track “%(track)s”.") % {"track": shared.track}
    teams = Membership.objects.filter(user=first).values("team_id")
    for row in Membership.objects.filter(user=second, team_id__in=teams).select_related("team"):
        yield _("Both accounts are of the team “%(team)s”.") % {"team": row.team}


def against_erasing(user: Any) -> Iterator[str]:
    """Entries under way, and teams that would stand without their captain."""
    running = Participation.objects.filter(
        user=user, entry__state=EntryState.ENTERED, track__state=TrackState.STARTED
    ).exclude(track__phase__kind=PhaseKind.RESULT)
    for taken in running.select_related("track"):
        yield (
            _("You take part in the track “%(track)s”: withdraw the entry, or wait for the result.")
            % {"track": taken.track}
        )
    led = Team.objects.filter(
        pk__in=Membership.objects.filter(user=user, captain=True).values("team_id")
    ).annotate(size=Count("memberships"))
    for team in led.filter(size__gt=1, season__state="open"):
        yield _("You lead the team “%(team)s”, which has other members.") % {"team": team}


def exported(user: Any) -> Exported:
    """Teams, entries, submissions, invitations, proposals and comments of the person."""
    teams = Membership.objects.filter(user=user).values(
        "team__code", "team__name", "team__season__slug", "captain", "joined_at"
    )
    entries = Entry.objects.filter(team__memberships__user=user).values(
        "code",
        "track__slug",
        "team__code",
        "title",
        "abstract",
        "state",
        "entered_at",
        "llm_used",
        "llm_text",
    )
    submissions = Submission.objects.filter(submitted_by=user)
    told = submissions.values(
        "code", "entry__code", "number", "kind", "digest", "git_url", "note", "submitted_at"
    )
    invitations = Invitation.objects.filter(invited_by=user).values(
        "code", "team__code", "email", "state", "invited_at"
    )
    proposals = TrackProposal.objects.filter(proposer=user).values("code", "state", *PROPOSED)
    comments = ProposalComment.objects.filter(author=user).values("proposal__code", "text", "at")
    files = {
        f"submissions/{submission.code}": str(submission.file.name)
        for submission in submissions.exclude(file="")
    }
    parts = {
        "teams": teams,
        "entries": entries,
        "submissions": told,
        "invitations": invitations,
        "proposals": proposals,
        "comments": comments,
    }
    return Exported(data={name: list(rows) for name, rows in parts.items()}, files=files)


def moved(source: Any, target: Any) -> None:
    """Nothing beside the foreign keys."""


def erased(going: Erasing) -> None:
    """Take the person's name and addresses out of all that competitions store.

    The archives of teams of which nobody else was are deleted; their digests stay, in the record
    too. Teams of several keep theirs: they are the others' work as well.
    """
    for team in Team.objects.filter(memberships__user=going.user):
        if not team.memberships.exclude(user=going.user).exists():
            _delete_archives(team)
            team.name = team.code
            team.save()
        _scrub_team(team, going.names)
    for proposal in TrackProposal.objects.filter(proposer=going.user):
        _scrub(proposal, PROPOSED, going.names)
    for comment in ProposalComment.objects.filter(author=going.user):
        _scrub(comment, ("text",), going.names)
    for address in going.names:
        if "@" in address:
            _forget_invitations(address)


def _scrub_team(team: Team, names: tuple[str, ...]) -> None:
    _scrub(team, ("name",), names)
    for model, path, columns in TEXTS:
        for row in model._base_manager.filter(**{path: team}):
            _scrub(row, columns, names)


def _scrub(row: Any, columns: tuple[str, ...], names: tuple[str, ...]) -> None:
    changed = []
    for column in columns:
        text = getattr(row, column)
        kept = without(text, names)
        if kept != text:
            setattr(row, column, kept)
            changed.append(column)
    if isinstance(row, Team) and changed:
        # Still one of its kind in the season.
        row.name = f"{row.name[:80]} {row.code}"
        row.save()
    elif changed:
        row.save(update_fields=changed)


def without(text: str, names: tuple[str, ...]) -> str:
    """`text` with every one of `names` replaced, in any case, where no Latin letter or digit is
    beside it: Chinese names stand without spaces, and "Al" is no part of "algorithm"."""
    for name in names:
        pattern = rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])"
        text = re.sub(pattern, ERASED, text, flags=re.IGNORECASE)
    return text


def only_of(user: Any) -> QuerySet[Submission]:
    """The submissions of teams of which nobody else is."""
    others = Membership.objects.exclude(user=user).values("team_id")
    return Submission.objects.filter(entry__team__memberships__user=user).exclude(
        entry__team__in=others
    )


def _delete_archives(team: Team) -> None:
    names = list(
        Submission.objects.filter(entry__team=team).exclude(file="").values_list("file", flat=True)
    )
    for name in names:
        transaction.on_commit(partial(default_storage.delete, name))


def _forget_invitations(address: str) -> None:
    for invitation in Invitation.objects.filter(email__iexact=address):
        invitation.email = f"{invitation.code}-{ERASED_ADDRESS}"
        invitation.save(update_fields=["email"])


HOLDING = Holding(
    name="competitions",
    against_merging=against_merging,
    against_erasing=against_erasing,
    exported=exported,
    moved=moved,
    erased=erased,
)

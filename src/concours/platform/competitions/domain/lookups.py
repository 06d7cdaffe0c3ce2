"""What other apps may ask of competitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from concours.platform.accounts.domain.lookups import organisations_of
from concours.platform.competitions.enums import EntryState, SubmissionState
from concours.platform.competitions.models import Entry, Membership, Season, Submission, Track


@dataclass(frozen=True, kw_only=True)
class EntryFacts:
    """An entry as judging needs it: whose it is, who reviews for it, with whom it conflicts."""

    id: int
    code: str
    title: str
    team_id: int
    reviewer_id: int
    member_ids: frozenset[int]
    organisation_ids: frozenset[int]


def entry_facts(*, track: Track, also: Collection[int] = ()) -> list[EntryFacts]:
    """The entries that compete in the track with a ready submission, in order of entering.

    Baselines do not compete. `also` are keys of entries that are out and are told of nevertheless.
    4 queries.
    """
    ready = Submission.objects.filter(state=SubmissionState.READY, entry__track=track)
    entries = list(
        Entry.objects.filter(
            Q(state=EntryState.ENTERED, baseline=False) | Q(pk__in=list(also)),
            track=track,
            pk__in=ready.values("entry_id"),
        ).order_by("pk")
    )
    members: defaultdict[int, set[int]] = defaultdict(set)
    for team_id, user_id in Membership.objects.filter(
        team_id__in=Entry.objects.filter(track=track).values("team_id")
    ).values_list("team_id", "user_id"):
        members[team_id].add(user_id)
    organisations = organisations_of(user_ids=set().union(*members.values()))
    return [
        EntryFacts(
            id=entry.pk,
            code=entry.code,
            title=entry.title,
            team_id=entry.team_id,
            reviewer_id=entry.reviewer_id,
            member_ids=frozenset(members[entry.team_id]),
            organisation_ids=frozenset().union(
                *(organisations.get(user, frozenset()) for user in members[entry.team_id])
            ),
        )
        for entry in entries
    ]


def entries_by_id(*, ids: Iterable[int]) -> dict[int, Entry]:
    """Those entries, with their teams."""
    return Entry.objects.select_related("team", "track__season").in_bulk(list(ids))


def latest_submission(*, entry: Entry) -> Submission | None:
    """The snapshot that is judged: the last that is ready."""
    return entry.submissions.filter(state=SubmissionState.READY).order_by("-number").first()


def track_by_code(*, code: str) -> Track:
    """The track named "season/track". Raises Track.DoesNotExist."""
    season, _, slug = code.partition("/")
    return Track.objects.select_related("season", "batch", "phase").get(
        season__slug=season, slug=slug
    )


def season_exists(*, slug: str) -> bool:
    return Season.objects.filter(slug=slug).exists()


def season_by_slug(*, slug: str) -> Season | None:
    """The season of that name, if there is one, drafts included."""
    return Season.objects.filter(slug=slug).first()

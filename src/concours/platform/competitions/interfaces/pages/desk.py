"""The organiser's desk of a season: what is due, proposals, tracks, drafting one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from concours.platform.accounts.domain import note_consent, waiting_for_consent
from concours.platform.competitions import domain
from concours.platform.competitions.enums import EntryState, ProposalState
from concours.platform.competitions.interfaces.desk_forms import NewTrackForm
from concours.platform.competitions.interfaces.pages.duties import duty_rows
from concours.platform.competitions.interfaces.support import season_trail, the_season, told
from concours.platform.competitions.models import Membership, Season, Track
from concours.platform.competitions.rules import visible_tracks
from concours.platform.web.interfaces.shared import attempt, or_hidden


def organised_season(request: HttpRequest, slug: str) -> Season:
    """The season, for its organisers; 404 for everyone else."""
    found = the_season(request, slug)
    or_hidden(request.user, "competitions.edit_season", found)
    return found


@login_required
@require_safe
def desk(request: HttpRequest, season: str) -> HttpResponse:
    return _show(request, organised_season(request, season))


def _show(request: HttpRequest, found: Season, form: NewTrackForm | None = None) -> HttpResponse:
    tracks = (
        visible_tracks(request.user)
        .filter(season=found)
        .select_related("season", "batch", "phase")
        .annotate(
            entry_count=Count("entries", filter=Q(entries__state=EntryState.ENTERED), distinct=True)
        )
    )
    return render(
        request,
        "competitions/desk.html",
        {
            "season": found,
            "duties": duty_rows(domain.due_acts(season=found)),
            "tracks": tracks,
            "proposals": found.proposals.filter(state=ProposalState.SUBMITTED).select_related(
                "batch", "proposer"
            ),
            "batches": found.batches.all(),
            "minors": waiting_for_consent(
                actor=request.user,
                season=found,
                among=Membership.objects.filter(team__season=found).values_list(
                    "user_id", flat=True
                ),
            ),
            "form": form or NewTrackForm(season=found),
            "trail": season_trail(found, ("", _("Desk"))),
        },
    )


@login_required
@require_POST
def open_season(request: HttpRequest, season: str) -> HttpResponse:
    domain.open_season(actor=request.user, season=organised_season(request, season))
    told(request, _("The season is open and public."))
    return redirect("competitions:desk", season=season)


@login_required
@require_POST
def consent(request: HttpRequest, season: str, user: str) -> HttpResponse:
    """Note that a guardian's consent was seen, for somebody of a team of this season."""
    found = organised_season(request, season)
    rows = Membership.objects.select_related("user").filter(team__season=found, user__code=user)
    row = rows.first()
    if row is None:
        raise Http404
    note_consent(actor=request.user, user=row.user, season=found)
    told(request, _("The consent is noted."))
    return redirect("competitions:desk", season=season)


@login_required
@require_POST
def new_track(request: HttpRequest, season: str) -> HttpResponse:
    found = organised_season(request, season)
    form = NewTrackForm(request.POST, season=found)
    if form.is_valid():
        track: Track | None = attempt(
            form, lambda: domain.create_track(actor=request.user, **form.cleaned_data)
        )
        if track is not None:
            told(request, _("The track is drafted; write its rules and plan its phases."))
            return redirect("competitions:track_desk", season=season, track=track.slug)
    return _show(request, found, form)

"""Addresses of competitions."""

from __future__ import annotations

from django.urls import path

from concours.platform.competitions.interfaces.pages import (
    call,
    desk,
    entering,
    entries,
    membership,
    seasons,
    submissions,
    teams,
    track_desk,
    tracks,
)

app_name = "competitions"

SEASON = "seasons/<slug:season>/"
TRACK = SEASON + "tracks/<slug:track>/"
TEAM = "teams/<slug:code>/"
ENTRY = "entries/<slug:code>/"
PROPOSAL = "proposals/<slug:code>/"

urlpatterns = [
    path("seasons/", seasons.seasons, name="seasons"),
    path("tracks/", seasons.tracks, name="tracks"),
    path(SEASON, seasons.season, name="season"),
    path(SEASON + "call/", call.proposals, name="proposals"),
    path(SEASON + "call/propose/", call.propose, name="propose"),
    path(SEASON + "desk/", desk.desk, name="desk"),
    path(SEASON + "desk/open/", desk.open_season, name="open_season"),
    path(SEASON + "desk/consents/<slug:user>/", desk.consent, name="note_consent"),
    path(SEASON + "desk/tracks/", desk.new_track, name="new_track"),
    path(PROPOSAL, call.proposal, name="proposal"),
    path(PROPOSAL + "comment/", call.comment, name="comment_proposal"),
    path(PROPOSAL + "decide/", call.decide, name="decide_proposal"),
    path(PROPOSAL + "withdraw/", call.withdraw, name="withdraw_proposal"),
    path(TRACK, tracks.track, name="track"),
    path(TRACK + "rules/", tracks.rules, name="rules"),
    path(TRACK + "rules/<int:number>/", tracks.rules_version, name="rules_version"),
    path(TRACK + "entries/", tracks.entries, name="entries"),
    path(TRACK + "enter/", entering.enter, name="enter"),
    path(TRACK + "desk/", track_desk.desk, name="track_desk"),
    path(TRACK + "desk/settings/", track_desk.settings, name="track_settings"),
    path(TRACK + "desk/phases/", track_desk.phases, name="track_phases_desk"),
    path(TRACK + "desk/rules/", track_desk.rules, name="track_rules_desk"),
    path(TRACK + "desk/start/", track_desk.start, name="start_track"),
    path(TRACK + "desk/advance/", track_desk.advance, name="advance_phase"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new/", teams.new_team, name="new_team"),
    path(TEAM, teams.team, name="team"),
    path(TEAM + "invite/", teams.invite, name="invite"),
    path(TEAM + "leave/", teams.leave, name="leave_team"),
    path(TEAM + "members/<slug:user>/remove/", membership.remove, name="remove_member"),
    path(TEAM + "members/<slug:user>/captain/", membership.pass_on, name="pass_captaincy"),
    path(TEAM + "merge/", membership.offer, name="offer_merge"),
    path("merges/<slug:code>/accept/", membership.accept, name="accept_merge"),
    path("merges/<slug:code>/decline/", membership.decline, name="decline_merge"),
    path("merges/<slug:code>/withdraw/", membership.withdraw, name="withdraw_merge"),
    path(TEAM + "invitations/<slug:invitation>/resend/", teams.resend, name="resend_invitation"),
    path(
        TEAM + "invitations/<slug:invitation>/withdraw/",
        teams.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("invitations/<str:key>/", teams.invitation, name="invitation"),
    path("invitations/<str:key>/accept/", teams.accept, name="accept_invitation"),
    path("invitations/<str:key>/decline/", teams.decline, name="decline_invitation"),
    path(ENTRY, entries.entry, name="entry"),
    path(ENTRY + "edit/", entries.edit, name="edit_entry"),
    path(ENTRY + "reviewer/", entries.reviewer, name="name_reviewer"),
    path(ENTRY + "withdraw/", entries.withdraw, name="withdraw_entry"),
    path(ENTRY + "baseline/", entries.baseline, name="mark_baseline"),
    path(ENTRY + "disqualify/", entries.disqualify, name="disqualify_entry"),
    path(ENTRY + "submissions/", submissions.submissions, name="submissions"),
    path(ENTRY + "upload/", submissions.upload, name="upload"),
    path(ENTRY + "git/", submissions.from_git, name="submit_git"),
    path("submissions/<slug:code>/download/", submissions.download, name="download"),
    path("submissions/<slug:code>/manifest/", submissions.manifest, name="manifest"),
]

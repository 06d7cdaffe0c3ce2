"""Addresses of governance."""

from __future__ import annotations

from django.urls import path

from concours.platform.governance.interfaces.pages import (
    bodies,
    charters,
    moving,
    overview,
    reviews,
    votes,
)

app_name = "governance"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("charters/adopt/", charters.adopt, name="adopt"),
    path("charters/<int:number>/", charters.charter, name="charter"),
    path("charters/<int:number>/text/", charters.text, name="charter-text"),
    path("bodies/<slug:slug>/", bodies.body, name="body"),
    path("bodies/<slug:slug>/seat/", bodies.seat, name="seat"),
    path("bodies/<slug:slug>/meeting/", bodies.meeting, name="meeting"),
    path("bodies/<slug:slug>/unseat/<slug:member>/", bodies.unseat, name="unseat"),
    path("access-reviews/", overview.reviews, name="reviews"),
    path("access-reviews/new/", reviews.new, name="new-review"),
    path("access-reviews/move/", moving.move, name="move"),
    path("access-reviews/<slug:code>/", reviews.review, name="review"),
    path("access-reviews/<slug:code>/comment/", reviews.comment, name="comment"),
    path("access-reviews/<slug:code>/document/", reviews.document, name="document"),
    path("access-reviews/<slug:code>/call/", reviews.call, name="call"),
    path("access-reviews/<slug:code>/decide/", reviews.decide, name="decide"),
    path("access-reviews/<slug:code>/withdraw/", reviews.withdraw, name="withdraw"),
    path("votes/<slug:code>/", votes.vote, name="vote"),
    path("votes/<slug:code>/cast/", votes.cast, name="cast"),
    path("votes/<slug:code>/aside/", votes.aside, name="aside"),
    path("votes/<slug:code>/off/", votes.call_off, name="call-off"),
]

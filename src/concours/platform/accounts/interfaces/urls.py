from __future__ import annotations

from django.urls import path

from concours.platform.accounts.interfaces import (
    affiliation_pages,
    leaving_pages,
    merge_pages,
    pages,
    session_pages,
    staff_pages,
)

app_name = "accounts"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("profile/", pages.profile, name="profile"),
    path("profile/age/", pages.age, name="age"),
    path("affiliations/", affiliation_pages.affiliations, name="affiliations"),
    path("affiliations/new/", affiliation_pages.new_organisation, name="new-organisation"),
    path(
        "affiliations/<int:pk>/remove/",
        affiliation_pages.remove_affiliation,
        name="remove-affiliation",
    ),
    path("keys/", pages.keys, name="keys"),
    path("keys/<str:code>/revoke/", pages.revoke_key, name="revoke-key"),
    path("sessions/", session_pages.sessions, name="sessions"),
    path("sessions/end-others/", session_pages.end_other_sessions, name="end-other-sessions"),
    path("sessions/<int:pk>/end/", session_pages.end_session, name="end-session"),
    path("merge/", merge_pages.begin, name="merge"),
    path("merge/code/", merge_pages.finish, name="merge-code"),
    path("export/", leaving_pages.export, name="export"),
    path("erase/", leaving_pages.begin, name="erase"),
    path("erase/code/", leaving_pages.finish, name="erase-code"),
    path("staff/", staff_pages.seasons, name="staff-seasons"),
    path("staff/everywhere/", staff_pages.staff, name="staff-everywhere"),
    path("staff/everywhere/<int:pk>/revoke/", staff_pages.revoke, name="revoke-everywhere"),
    path("staff/<slug:season>/", staff_pages.staff, name="staff"),
    path("staff/<slug:season>/<int:pk>/revoke/", staff_pages.revoke, name="revoke-role"),
]

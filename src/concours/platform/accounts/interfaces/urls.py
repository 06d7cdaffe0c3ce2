from __future__ import annotations

from django.urls import path

from concours.platform.accounts.interfaces import affiliation_pages, pages, staff_pages

app_name = "accounts"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("profile/", pages.profile, name="profile"),
    path("affiliations/", affiliation_pages.affiliations, name="affiliations"),
    path("affiliations/new/", affiliation_pages.new_organisation, name="new-organisation"),
    path(
        "affiliations/<int:pk>/remove/",
        affiliation_pages.remove_affiliation,
        name="remove-affiliation",
    ),
    path("keys/", pages.keys, name="keys"),
    path("keys/<str:code>/revoke/", pages.revoke_key, name="revoke-key"),
    path("staff/", staff_pages.seasons, name="staff-seasons"),
    path("staff/everywhere/", staff_pages.staff, name="staff-everywhere"),
    path("staff/everywhere/<int:pk>/revoke/", staff_pages.revoke, name="revoke-everywhere"),
    path("staff/<slug:season>/", staff_pages.staff, name="staff"),
    path("staff/<slug:season>/<int:pk>/revoke/", staff_pages.revoke, name="revoke-role"),
]

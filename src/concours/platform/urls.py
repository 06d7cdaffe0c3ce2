"""All addresses. Each app names its own in interfaces/urls.py."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("concours.platform.operating.urls")),
    path("", include("concours.platform.web.interfaces.urls")),
    path("", include("concours.platform.competitions.interfaces.urls")),
    path("", include("concours.platform.evaluations.interfaces.urls")),
    path("", include("concours.platform.leaderboards.interfaces.urls")),
    path("", include("concours.platform.review.interfaces.urls")),
    path("", include("concours.platform.awards.interfaces.urls")),
    path("", include("concours.platform.appeals.interfaces.urls")),
    path("", include("concours.platform.integrity.interfaces.urls")),
    path("", include("concours.platform.criteria.interfaces.urls")),
    path("", include("concours.platform.incubation.interfaces.urls")),
    path("donations/", include("concours.platform.donations.interfaces.urls")),
    path("", include("concours.platform.handover.interfaces.urls")),
    path("projects/", include("concours.platform.register.interfaces.urls")),
    path("", include("concours.platform.profiles.interfaces.urls")),
    path("governance/", include("concours.platform.governance.interfaces.urls")),
    path("notifications/", include("concours.platform.notifications.interfaces.urls")),
    path("", include("concours.platform.webhooks.interfaces.urls")),
    path("", include("concours.platform.feeds.interfaces.urls")),
    path("record/", include("concours.platform.record.interfaces.urls")),
    path("rehearsal/", include("concours.platform.rehearsal.interfaces.urls")),
    path("people/", include("concours.platform.accounts.interfaces.people_urls")),
    path("account/", include("concours.platform.accounts.interfaces.urls")),
    path("account/", include("concours.platform.accounts.interfaces.addresses")),
    path("account/", include("concours.platform.accounts.interfaces.factors")),
    path("account/", include("concours.platform.accounts.interfaces.oidc.people")),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("api/v1/", include("concours.platform.api.urls")),
    path("admin/", admin.site.urls),
]

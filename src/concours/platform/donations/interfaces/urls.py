"""Addresses of donations."""

from __future__ import annotations

from django.urls import path

from concours.platform.donations.interfaces.pages import agreement, donations

app_name = "donations"

ONE = "<slug:code>/"

urlpatterns = [
    path("", donations.donations, name="donations"),
    path("new/", donations.propose, name="propose"),
    path(ONE, donations.donation, name="donation"),
    path(ONE + "acts/<slug:act>/", donations.act, name="act"),
    path(ONE + "papers/<slug:paper>/", donations.paper, name="paper"),
    path(ONE + "agreement/", agreement.agreement, name="agreement"),
    path(ONE + "agreement/versions/<int:number>/", agreement.agreement, name="version"),
    path(ONE + "agreement/versions/<int:number>/print/", agreement.printed, name="print"),
    path(ONE + "sign/", agreement.sign, name="sign"),
]

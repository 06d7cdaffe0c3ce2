"""Addresses of profiles and credentials."""

from __future__ import annotations

from django.urls import path

from concours.platform.profiles.interfaces.pages import credentials, issuer, own, public, verifying

app_name = "profiles"

urlpatterns = [
    path(".well-known/did.json", issuer.did, name="did"),
    path("people/<str:code>/profile/", public.profile, name="profile"),
    path("account/shown/", own.own, name="own"),
    path("account/shown/on/", own.show, name="show"),
    path("account/shown/off/", own.hide, name="hide"),
    path("account/credentials/", credentials.own, name="credentials"),
    path("credentials/verify/", verifying.verify, name="verify"),
    path("credentials/status/<int:number>/", issuer.status, name="status"),
    path("credentials/<slug:code>/", credentials.credential, name="credential"),
    path("credentials/<slug:code>/file/", credentials.file, name="file"),
    path("credentials/<slug:code>/revoke/", credentials.revoke, name="revoke"),
]

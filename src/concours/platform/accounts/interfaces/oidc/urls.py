"""Under allauth's names, which its templates use."""

from __future__ import annotations

from django.urls import path

from concours.platform.accounts.interfaces.oidc import views

urlpatterns = [
    path("oidc/<slug:provider_id>/login/", views.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", views.callback, name="openid_connect_callback"),
]

"""Accounts that somebody else vouches for: made, joined and parted, each an event."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount import signals, views
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.forms import SignupForm
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import path
from django.utils import translation

from concours.platform.accounts import domain
from concours.platform.accounts.interfaces.oidc.trouble import trouble
from concours.platform.accounts.interfaces.shown_name import ShownName
from concours.platform.accounts.models import User
from concours.platform.core.config import ConfigError
from concours.platform.core.identity_config import OidcProvider

# Before allauth's own, so that an identity and its event go together.
urlpatterns = [
    path("3rdparty/signup/", transaction.atomic(views.signup), name="socialaccount_signup"),
    path("3rdparty/", transaction.atomic(views.connections), name="socialaccount_connections"),
]


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The settings' providers. None lies in the database, where one could be added unseen."""
        return [
            _app(known)
            for known in settings.OIDC_PROVIDERS
            if provider in (None, known.id, "openid_connect")
            and client_id in (None, known.client_id)
        ]

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """A suggestion for the form, where the person themselves decides."""
        user: User = sociallogin.user
        user.email = str(data.get("email") or "")
        user.name = str(data.get("name") or "")[:100]
        return user

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        return {"email": sociallogin.user.email, "name": sociallogin.user.name}

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, *, exception: Any = None, **told: Any
    ) -> None:
        if str(told.get("error")) != "cancelled":
            raise ImmediateHttpResponse(trouble(request, provider, exception))


class SignUpForm(ShownName, SignupForm):  # type: ignore[misc]
    """The last step of a first sign-in: the name that others will see, and the address."""

    field_order = ("name", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An account has the address that was vouched for, or proves the one that it names.
        if any(address.verified for address in self.sociallogin.email_addresses):
            self.fields["email"].disabled = True

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        """Make the account, its name, its address and its event together, or nothing of it."""
        user: User = super().save(request)
        return domain.sign_up(
            user=user,
            name=self.cleaned_data["name"],
            language=translation.get_language() or "en",
            provider=self.sociallogin.account.provider,
        )


def _app(known: OidcProvider) -> SocialApp:
    try:
        secret = known.read_secret()
    except ConfigError:
        secret = ""  # the provider refuses it; `concours doctor` names the file
    return SocialApp(
        provider="openid_connect",
        provider_id=known.id,
        name=known.name,
        client_id=known.client_id,
        secret=secret,
        settings={
            "server_url": known.issuer,
            "trust_verified_email": known.trust_verified_email,
            "verified_email": False,
            "email_authentication": False,
        },
    )


@receiver(signals.social_account_added)
def account_joined(request: HttpRequest, sociallogin: Any, **_kwargs: Any) -> None:
    domain.note(
        user=sociallogin.user, verb="identity.joined", provider=sociallogin.account.provider
    )


@receiver(signals.social_account_removed)
def account_parted(request: HttpRequest, socialaccount: SocialAccount, **_kwargs: Any) -> None:
    domain.note(user=socialaccount.user, verb="identity.parted", provider=socialaccount.provider)

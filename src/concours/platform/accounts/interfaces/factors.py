"""Second factors and passkeys, which allauth keeps: secrets encrypted, each change an event."""

from __future__ import annotations

import logging
from typing import Any

from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import path

from concours.platform.accounts import domain
from concours.platform.accounts.models import User
from concours.platform.core.sealed import decrypt, encrypt

logger = logging.getLogger(__name__)
PURPOSE = "second factors"

urlpatterns = [
    path("2fa/totp/activate/", transaction.atomic(totp.activate_totp), name="mfa_activate_totp"),
    path(
        "2fa/totp/deactivate/", transaction.atomic(totp.deactivate_totp), name="mfa_deactivate_totp"
    ),
    path(
        "2fa/recovery-codes/generate/",
        transaction.atomic(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("2fa/webauthn/add/", transaction.atomic(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "2fa/webauthn/keys/<int:pk>/remove/",
        transaction.atomic(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
]


class PasskeySignInForm(LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey alone signs in where the device has proved whose it is, by finger or PIN.

    allauth keeps one challenge a session, and one given out for a second factor does not ask for
    that proof: a key that was found somewhere must not open an account by it.
    """

    def clean_credential(self) -> Authenticator:
        told = auth.parse_authentication_response(self.cleaned_data["credential"])
        if not told.response.authenticator_data.is_user_verified():
            raise get_adapter().validation_error("incorrect_code")
        return super().clean_credential()


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Encrypts what the database holds of one-time codes under the installation's secret."""

    def encrypt(self, text: str) -> str:
        return encrypt(PURPOSE, text)

    def decrypt(self, encrypted_text: str) -> str:
        """Where the installation's secret is another by now, a secret that no code fits."""
        try:
            return decrypt(PURPOSE, encrypted_text)
        except InvalidToken:
            logger.warning("a second factor cannot be read: the installation's secret is another")
            return str(generate_totp_secret())


@receiver(post_save, sender=Authenticator)
def factor_added(instance: Authenticator, created: bool, raw: bool = False, **_: Any) -> None:
    """allauth's own signal comes after the commit, when the event could be lost."""
    if created and not raw:
        domain.note(user=instance.user, verb="factor.added", kind=str(instance.type))


@receiver(signals.authenticator_removed)
def factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    domain.note(user=user, verb="factor.removed", kind=str(authenticator.type))

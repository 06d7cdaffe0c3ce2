"""Where allauth meets the platform: its acts are recorded, its mail in the reader's language."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils import translation

from concours.platform.accounts import domain
from concours.platform.accounts.domain.lookups import mail_language
from concours.platform.accounts.interfaces.shown_name import ShownName
from concours.platform.accounts.models import User
from concours.platform.core.mailing import MailDown, mail_or_refusal


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def set_password(self, user: User, password: str) -> None:
        domain.set_password(user=user, password=password)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send in the language that the account asks for; in the page's where there is none.

        Raises MailDown where it cannot be sent.
        """
        language = mail_language(email=email) or translation.get_language() or "en"
        with translation.override(language), mail_or_refusal():
            super().send_mail(template_prefix, email, context)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """What it tells of is done already, and stands however the mail fares."""
        with suppress(MailDown):
            super().send_notification_mail(*args, **kwargs)


class SignUpForm(ShownName, SignupForm):  # type: ignore[misc]
    """allauth's form with the name that others will see."""

    field_order = ("name", "email", "password1", "password2")

    def try_save(self, request: HttpRequest) -> tuple[User | None, Any]:
        """With an address that has an account it takes as long, or the time would tell."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        tried: tuple[User | None, Any] = super().try_save(request)
        return tried

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        """Make the account, its name, its address and its event together, or nothing of it."""
        user: User = super().save(request)
        language = translation.get_language() or "en"
        return domain.sign_up(user=user, name=self.cleaned_data["name"], language=language)

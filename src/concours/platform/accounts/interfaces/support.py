"""What the account's pages share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.http import HttpRequest

from concours.platform.accounts.models import User
from concours.platform.core.errors import NotPermitted, Refused


@contextmanager
def refusals_on(form: forms.Form) -> Iterator[None]:
    """A refusal within the block becomes the form's error, so that nothing typed is lost."""
    try:
        yield
    except NotPermitted:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))


def signed_in_user(request: HttpRequest) -> User:
    """The reader of a page that `login_required` guards."""
    assert isinstance(request.user, User)  # noqa: S101  for the type checker; the guard did it
    return request.user

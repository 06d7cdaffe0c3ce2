"""Forms about single duties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concours.platform.review.domain.reviewing import MAX_REASON


class TransferForm(forms.Form):
    """Which member of the team writes what is still to do."""

    to = forms.ChoiceField(label=_("Who reviews from now on"))

    def __init__(self, *args: Any, members: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {member.code: member for member in members}
        field: Any = self.fields["to"]
        field.choices = [(code, member.display_name) for code, member in self.members.items()]


class RemoveForm(forms.Form):
    """A reviewer whose open duties go to others."""

    alias = forms.CharField(label=_("Alias of the reviewer"), max_length=12)
    reason = forms.CharField(
        label=_("Reason"), help_text=_("The record keeps a digest of it."), max_length=MAX_REASON
    )


class ExcuseForm(forms.Form):
    """A duty that is to count on neither side."""

    reviewer = forms.CharField(label=_("Alias of the reviewer"), max_length=12)
    entry = forms.CharField(label=_("Alias of the entry"), max_length=12)
    reason = forms.CharField(
        label=_("Reason"), help_text=_("The record keeps a digest of it."), max_length=MAX_REASON
    )


class ReserveForm(forms.Form):
    """Somebody for the round's reserve."""

    email = forms.EmailField(
        label=_("E-mail address of their account"),
        help_text=_("Somebody without an entry in this track. Their conflicts are heeded."),
    )

"""Forms of profiles and credentials."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concours.credentials.canonical import MOST_BYTES
from concours.platform.accounts.domain.deeds import sections_in_order
from concours.platform.profiles.domain.revoking import MOST_REASON


def _sections(label: Any, *, required: bool) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=required,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(one.name, one.label) for one in sections_in_order()],
    )


class ProfileForm(forms.Form):
    """What is shown."""

    sections = _sections(_("What your profile shows"), required=False)
    indexed = forms.BooleanField(
        label=_("Search engines may list the page"),
        required=False,
        help_text=_("Without it the page asks them not to."),
    )


class IssueForm(forms.Form):
    """What is signed, and of whom."""

    sections = _sections(_("What it says"), required=True)
    named = forms.BooleanField(label=_("With your name"), required=False, initial=True)
    did = forms.CharField(
        label=_("Your own key"),
        max_length=200,
        required=False,
        help_text=_(
            "A did:key of an Ed25519 key, if you have one in a wallet: by it you can prove that "
            "the credential is yours. Without one it is about a number drawn by lot."
        ),
    )


class RevokeForm(forms.Form):
    """Why, for staff; holders need not say."""

    reason = forms.CharField(label=_("Reason"), max_length=MOST_REASON, required=False)

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needed
        if needed:
            self.fields["reason"].help_text = _("The holder reads it.")


class VerifyForm(forms.Form):
    """A credential, pasted or as a file."""

    text = forms.CharField(
        label=_("Credential"),
        required=False,
        max_length=MOST_BYTES,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("Paste the file’s text here, or choose the file below."),
    )
    file = forms.FileField(label=_("File"), required=False, help_text=_("At most 1 MiB."))
    issuer = forms.CharField(
        label=_("Another issuer’s keys"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_(
            "Only for credentials from elsewhere: the text of the issuer’s did.json, or a key that "
            "begins with z6Mk. Nothing is fetched from there."
        ),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        file, text = given.get("file"), given.get("text", "")
        if file is not None and file.size > MOST_BYTES:
            self.add_error("file", _("The file is larger than a credential may be."))
        elif not self.errors and not text.strip() and file is None:
            self.add_error("text", _("Paste a credential, or choose its file."))
        return given

    def given(self) -> bytes | str:
        """The credential's text. Call after validation."""
        file = self.cleaned_data.get("file")
        text: str = self.cleaned_data["text"]
        return text if file is None else bytes(file.read(MOST_BYTES + 1))

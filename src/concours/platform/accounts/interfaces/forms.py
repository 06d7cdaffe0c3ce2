from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.enums import OrganisationKind, Role, Scope
from concours.platform.accounts.models import Organisation

DAYS = [(30, _("30 days")), (90, _("90 days")), (180, _("180 days")), (366, _("one year"))]
WHERE = [("home", _("at home (mainland China)")), ("abroad", _("abroad"))]


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("Shown to others once names are public. It need not be your legal name."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    biography = forms.CharField(
        label=_("About you"),
        max_length=2_000,
        required=False,
        help_text=_("Public. Markdown works."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    language = forms.ChoiceField(label=_("Language of mail"), choices=settings.LANGUAGES)


class AgeForm(forms.Form):
    under_age = forms.BooleanField(
        label=_("I am under age where I live"),
        required=False,
        help_text=_("Nobody asks for your date of birth, and others do not see this."),
    )


class AffiliationForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.all(),
        widget=forms.HiddenInput,
    )
    title = forms.CharField(label=_("Position"), max_length=100, required=False)


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    where = forms.ChoiceField(label=_("Where"), choices=WHERE, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Your position"), max_length=100, required=False)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What it is for, so that you know it again.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(label=_("Valid for"), choices=DAYS, coerce=int, initial=90)


class RoleForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("Of an account that exists already.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class OtherAccountForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address of the other account"))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=40,
        help_text=_("From the mail that was sent just now. It is good for fifteen minutes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )


class LastWordForm(CodeForm):
    sure = forms.BooleanField(label=_("I know that this cannot be undone."))

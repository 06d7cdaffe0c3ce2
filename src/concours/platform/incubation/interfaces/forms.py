"""Forms of incubation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from concours.platform.incubation.domain.pool import MOST_PROJECTS
from concours.platform.incubation.domain.words import MOST_REASON, MOST_SECTION
from concours.platform.incubation.enums import Outcome
from concours.platform.incubation.models import Mentor
from concours.platform.incubation.programme.reading import MOST_BYTES
from concours.platform.register.domain.entering import areas_offered
from concours.platform.register.enums import ArchiveCause


def _text(label: Any, *, most: int = MOST_REASON, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _load() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Most projects at once"), min_value=1, max_value=MOST_PROJECTS, initial=3
    )


class AreasField(forms.MultipleChoiceField):
    """The register's technical areas, by short name."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Technical areas"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=areas_offered,
        )


class InviteForm(forms.Form):
    person = forms.EmailField(label=_("E-mail address of the person’s account"))
    areas = AreasField()
    why = _text(
        _("Why"), required=False, help_text=_("That person reads it, and whoever keeps the pool.")
    )

    def clean_person(self) -> Any:
        people = get_user_model()._default_manager.filter(is_active=True)
        found = people.filter(email__iexact=self.cleaned_data["person"]).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has an account with this address."))
        return found


class AcceptForm(forms.Form):
    most_projects = _load()


class TermsForm(forms.Form):
    areas = AreasField()
    most_projects = _load()
    pauses = forms.BooleanField(
        label=_("I pause: I keep my projects and take no others"), required=False
    )


class ReasonForm(forms.Form):
    reason = _text(_("Reason"), help_text=_("For whoever keeps the pool; it is not public."))


class PublicReasonForm(forms.Form):
    reason = _text(_("Reason"), help_text=_("It is public, and in the record."))


class AssignForm(forms.Form):
    mentor = forms.ChoiceField(label=_("Mentor"))

    def __init__(self, *args: Any, mentors: Iterable[Mentor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["mentor"]
        field.choices = [(one.code, one.user.display_name) for one in mentors]


class MilestoneForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    measure = forms.CharField(
        label=_("How it is measured"),
        max_length=500,
        help_text=_("So that others can tell whether it is reached."),
    )
    due = _day(_("Due"))


class MoveForm(forms.Form):
    due = _day(_("Due"))
    reason = _text(_("Reason"), help_text=_("It is public, and in the record."))


class ReachForm(forms.Form):
    evidence = forms.URLField(
        label=_("Where it can be seen"), max_length=500, assume_scheme="https"
    )
    digest = forms.CharField(label=_("SHA-256"), max_length=64, required=False)


class PeriodicReportForm(forms.Form):
    """The sections that foundations ask for. All of it is public."""

    happened = _text(_("What happened"), most=MOST_SECTION, rows=6)
    community = _text(
        _("How the community grew"),
        most=MOST_SECTION,
        rows=4,
        help_text=_("New contributors and committers, by number; users; events."),
    )
    releases = _text(_("Releases"), most=MOST_SECTION, required=False)
    issues = _text(
        _("Issues for the committee"),
        most=MOST_SECTION,
        required=False,
        help_text=_("Where help is needed. It is public, like all of this report."),
    )
    next_steps = _text(_("Next steps"), most=MOST_SECTION, rows=4)


class CommentForm(forms.Form):
    text = _text(_("Your comment"), help_text=_("Everyone reads it, with your name."))


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Decision"), choices=Outcome.choices)
    cause = forms.ChoiceField(
        label=_("Cause"),
        required=False,
        choices=[("", "–"), *ArchiveCause.choices],
        help_text=_("Only where archiving is proposed."),
    )
    reason = _text(_("Reasons"), help_text=_("It is public, and in the record."))


class ArchiveForm(forms.Form):
    cause = forms.ChoiceField(label=_("Cause"), choices=ArchiveCause.choices)
    reason = _text(_("Reasons"), help_text=_("It is public, and in the record."))


class HealthForm(forms.Form):
    report = forms.FileField(
        label=_("Report"),
        help_text=_("The file that “concours project health --json” wrote."),
    )


class ProgrammeForm(forms.Form):
    text = forms.CharField(
        label=_("Programme"),
        max_length=MOST_BYTES,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"}),
        help_text=_("TOML. Faults are named with their place; nothing is adopted before all fits."),
    )

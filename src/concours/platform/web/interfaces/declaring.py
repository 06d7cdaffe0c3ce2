"""The question whether a language model was used, for every form that a track's rules put it in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain.declarations import MOST_TEXT, Declaration
from concours.platform.competitions.enums import LlmPolicy

NAMES = ("llm_used", "llm_text")


def add_question(form: forms.Form, *, track: Any, said: Any = None) -> None:
    """Add the two fields where the track's rules ask; `said` has what was said before."""
    if track.llm_policy == LlmPolicy.NONE:
        return
    forbidden = track.llm_policy == LlmPolicy.FORBID
    used: bool | None = getattr(said, "llm_used", None)
    form.fields["llm_used"] = forms.ChoiceField(
        label=_("Was a large language model used?"),
        help_text=_("The rules of this track forbid it.")
        if forbidden
        else _("The rules of this track allow it and ask you to say so. Organisers read it."),
        choices=[("no", _("no")), ("yes", _("yes"))],
        widget=forms.RadioSelect,
        initial={True: "yes", False: "no"}.get(used) if used is not None else None,
    )
    if not forbidden:
        form.fields["llm_text"] = forms.CharField(
            label=_("Which, and for what"),
            max_length=MOST_TEXT,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            initial=getattr(said, "llm_text", ""),
        )


def question_fields(form: forms.Form) -> list[forms.BoundField]:
    """The question's fields, for templates that lay out fields one by one."""
    return [form[name] for name in NAMES if name in form.fields]


def declared(data: dict[str, Any]) -> Declaration:
    """What a valid form's cleaned data declares; its fields are taken out of `data`."""
    used = data.pop("llm_used", "")
    text = data.pop("llm_text", "")
    return Declaration(used={"yes": True, "no": False}.get(used), text=text)

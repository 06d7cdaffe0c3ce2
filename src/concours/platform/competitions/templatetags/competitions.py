"""Tags of the competitions' pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.functional import Promise

from concours.platform.competitions.interfaces.phrases import explain
from concours.platform.core.text import localised as in_language_of

register = template.Library()


@register.simple_tag
def localised(instance: Any, field: str) -> str:
    """`field` of `instance` in the reader's language, where somebody wrote it."""
    return in_language_of(instance, field)


@register.simple_tag
def refusal(submission: Any) -> str | Promise:
    """Why a submission was refused, in the reader's language."""
    return explain(submission.refusal_code, submission.refusal_message)

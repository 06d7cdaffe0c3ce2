"""What people choose to show, and when: nothing until they say so, gone when they say so."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.domain import waits_for_consent
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.profiles.domain.telling import section_names
from concours.platform.profiles.models import Profile
from concours.platform.record import domain as record


def chosen_by(user: Any) -> Profile:
    """What `user` chose; for whoever chose nothing yet, a profile that shows nothing."""
    found = Profile.objects.filter(user_id=user.pk).first()
    return found or Profile(user=user, shown=False, sections=[], indexed=False)


@transaction.atomic
def choose(*, actor: Any, sections: Collection[str], indexed: bool) -> Profile:
    """Choose what the profile shows; whether it is shown does not change.

    Raises Refused for a section that there is not.
    """
    require(actor, "profiles.edit_own")
    if unknown := set(sections) - section_names():
        raise Refused(
            "unknown-section", _("There is no section “%(name)s”.") % {"name": min(unknown)}
        )
    profile = _locked(actor)
    profile.sections, profile.indexed = sorted(sections), indexed
    _save(profile)
    # What they chose is on their page, if they show it; the record says that they chose.
    record.append(actor=actor, verb="profile.chosen", subject=actor)
    return profile


@transaction.atomic
def show(*, actor: Any) -> Profile:
    """Turn the profile on. Raises Refused while a guardian's consent is waited for, and where no
    section is chosen."""
    require(actor, "profiles.edit_own")
    profile = _locked(actor)
    if waits_for_consent(user=profile.user):
        raise Refused(
            "consent-needed",
            _("You can show a profile once an organiser has noted your guardian’s consent."),
        )
    if not profile.sections:
        raise Refused("nothing-chosen", _("Choose at least one section first."))
    if profile.shown:
        return profile
    profile.shown = True
    _save(profile)
    record.append(actor=actor, verb="profile.shown", subject=actor)
    return profile


@transaction.atomic
def hide(*, actor: Any) -> Profile:
    """Turn the profile off: from now on its page is as if it had never been."""
    require(actor, "profiles.edit_own")
    profile = _locked(actor)
    if not profile.shown:
        return profile
    profile.shown = False
    _save(profile)
    record.append(actor=actor, verb="profile.hidden", subject=actor)
    return profile


def _locked(actor: Any) -> Profile:
    """The actor's profile, new or stored; their account's row is the lock."""
    user = lock(get_user_model()(pk=actor.pk))
    profile = chosen_by(user)
    profile.user = user
    return profile


def _save(profile: Profile) -> None:
    profile.changed_at = clock.now()
    profile.save()

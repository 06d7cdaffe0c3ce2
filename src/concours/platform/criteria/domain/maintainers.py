"""Who attaches evidence for a project."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.criteria.models import Maintainer
from concours.platform.criteria.rules import serving_maintainers
from concours.platform.record import domain as record


@transaction.atomic
def name_maintainer(*, actor: Any, project: Any, user: Any) -> Maintainer:
    """Let `user` attach evidence for the project; somebody removed can be named again.

    Raises Refused for a closed account and for a person who is named already.
    """
    require(actor, "criteria.name_maintainer", project)
    if not user.is_active:
        raise Refused("account-closed", _("This account is closed."))
    found, created = Maintainer.objects.select_for_update(no_key=True).get_or_create(
        project=project, user=user, defaults={"named_at": clock.now()}
    )
    if not created and found.removed_at is None:
        raise Refused("maintainer-already", _("This person maintains the project already."))
    if not created:
        found.named_at, found.removed_at = clock.now(), None
        found.save(update_fields=["named_at", "removed_at"])
    _note(actor, "maintainer.named", found)
    return found


@transaction.atomic
def remove_maintainer(*, actor: Any, maintainer: Maintainer) -> Maintainer:
    """Take the role back; what the person attached stays. Raises Refused if it was taken."""
    require(actor, "criteria.name_maintainer", maintainer.project)
    found = Maintainer.objects.select_for_update(no_key=True).get(pk=maintainer.pk)
    if found.removed_at is not None:
        raise Refused("maintainer-removed", _("This person no longer maintains the project."))
    found.removed_at = clock.now()
    found.save(update_fields=["removed_at"])
    _note(actor, "maintainer.removed", found)
    return found


def maintainers_of(*, project: Any) -> frozenset[int]:
    """The keys of those who maintain the project now."""
    return frozenset(serving_maintainers(project).values_list("user_id", flat=True))


def maintained_projects(*, user: Any) -> frozenset[int]:
    """The keys of the projects that `user` maintains now."""
    rows = Maintainer.objects.filter(user_id=user.pk, removed_at__isnull=True)
    return frozenset(rows.values_list("project_id", flat=True)) if user.pk else frozenset()


def _note(actor: Any, verb: str, maintainer: Maintainer) -> None:
    record.append(
        actor=actor,
        verb=verb,
        subject=maintainer.project,
        data={"maintainer": maintainer.user.code},
    )

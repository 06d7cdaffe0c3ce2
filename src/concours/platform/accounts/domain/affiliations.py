"""Organisations, and who is of them. Shared ones are a conflict in review."""

from __future__ import annotations

from django.db import IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.enums import OrganisationKind
from concours.platform.accounts.models import Affiliation, Organisation, User
from concours.platform.accounts.models.organisation import name_key
from concours.platform.core.access import permitted, require
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.core.ids import new_code
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line
from concours.platform.record import domain as record

MOST_AFFILIATIONS = 10


def search_organisations(*, text: str, most: int = 8) -> list[Organisation]:
    """Organisations whose name, in either language, holds `text` (any case, width or spacing)."""
    key = name_key(text)
    if not key:
        return []
    found = models.Q(name_key__contains=key) | models.Q(name_zh__icontains=text.strip())
    return list(Organisation.objects.filter(found).order_by("name")[:most])


@transaction.atomic
def create_organisation(
    *, actor: User, name: str, kind: OrganisationKind, abroad: bool, name_zh: str = ""
) -> Organisation:
    """Add an organisation that nobody has added yet.

    Raises Refused for a name without letters or too long, and for one that differs from an existing
    name in case, width, spacing, accents or punctuation only.
    """
    require(actor, "accounts.create_organisation")
    name, name_zh = one_line(name, most=len(name)), one_line(name_zh, most=len(name_zh))
    key, key_zh = name_key(name), name_key(name_zh)
    # Some letters are spelt out to eighteen in a key, which has its column's length.
    if not key or len(name) > 200 or len(name_zh) > 200 or len(key) > 800:
        raise Refused("name-length", _("Give the organisation a name of 1 to 200 characters."))
    keys = [key, key_zh] if key_zh else [key]
    same = models.Q(name_key__in=keys) | models.Q(name_zh__in=[name, name_zh or name])
    existing = Organisation.objects.filter(same).first()
    if existing is not None:
        raise _taken(str(existing))
    organisation = Organisation(
        name=name,
        name_zh=name_zh,
        kind=OrganisationKind(kind),
        abroad=abroad,
        slug=_free_slug(name),
    )
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError:
        raise _taken(name) from None
    record.append(
        actor=actor,
        verb="organisation.created",
        subject=f"organisation:{organisation.pk}",
        data={"kind": str(organisation.kind), "abroad": abroad},
    )
    return organisation


@transaction.atomic
def affiliate(*, actor: User, organisation: Organisation, title: str = "") -> Affiliation:
    """Say that `actor` is of `organisation`. Raises Refused for a second time and beyond ten."""
    actor = lock(actor)
    require(actor, "accounts.edit_profile")
    title = one_line(title, most=len(title))
    if len(title) > 100:
        raise Refused("title-length", _("Keep the position within 100 characters."))
    if actor.affiliations.filter(organisation=organisation).exists():
        raise Refused("affiliated-already", _("You are of this organisation already."))
    if actor.affiliations.count() >= MOST_AFFILIATIONS:
        raise Refused("too-many-affiliations", _("You have ten affiliations; remove one first."))
    affiliation = Affiliation.objects.create(user=actor, organisation=organisation, title=title)
    record.append(
        actor=actor,
        verb="affiliation.added",
        subject=actor,
        data={"organisation": organisation.pk},
    )
    return affiliation


@transaction.atomic
def leave_affiliation(*, actor: User, affiliation: Affiliation) -> None:
    """Take back an affiliation of `actor`. Another's is not to be known: NotPermitted, hidden."""
    affiliation = lock(affiliation)
    if not permitted(actor, "accounts.leave_affiliation", affiliation):
        raise NotPermitted("not-permitted", _("You may not do this."), hidden=True)
    organisation_id = affiliation.organisation_id
    affiliation.delete()
    record.append(
        actor=actor,
        verb="affiliation.removed",
        subject=actor,
        data={"organisation": organisation_id},
    )


def _taken(name: str) -> Refused:
    return Refused(
        "organisation-exists",
        _("“%(name)s” is known already; choose it from the list.") % {"name": name},
    )


def _free_slug(name: str) -> str:
    slug = slugify(name, allow_unicode=True)[:60].strip("-")
    taken = not slug or Organisation.objects.filter(slug=slug).exists()
    return f"{slug}-{new_code(6)}".strip("-") if taken else slug

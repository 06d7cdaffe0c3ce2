"""What profiles keep of a person, and what a merge or an erasure means to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from concours.platform.accounts.domain.holdings import Erasing, Exported, Holding
from concours.platform.core import clock
from concours.platform.profiles.models import Credential, Profile


def against(*people: Any) -> Iterable[str]:
    """Nothing here keeps anybody."""
    return ()


def exported(user: Any) -> Exported:
    credentials = Credential.objects.filter(user=user).order_by("pk")
    profiles = Profile.objects.filter(user=user)
    return Exported(
        data={
            "profile": list(profiles.values("shown", "sections", "indexed", "changed_at")),
            "credentials": list(
                credentials.values(
                    "code", "sections", "document", "digest", "issued_at", "revoked_at", "reason"
                )
            ),
        }
    )


def moved(source: Any, target: Any) -> None:
    """Nothing beside the foreign keys; where both had a profile, that of the target stays."""


def erased(going: Erasing) -> None:
    """The profile goes. Credentials are revoked, since nobody could do it later, and lose their
    text; the event of it is the erasure's own."""
    Profile.objects.filter(user=going.user).delete()
    rows = Credential.objects.filter(user=going.user)
    rows.filter(revoked_at__isnull=True).update(revoked_at=clock.now())
    rows.update(document="", reason="")


HOLDING = Holding(
    name="profiles",
    against_merging=against,
    against_erasing=against,
    exported=exported,
    moved=moved,
    erased=erased,
)

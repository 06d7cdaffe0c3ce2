"""The question every domain function asks first."""

from __future__ import annotations

from typing import Any

import rules
from django.utils.translation import gettext_lazy as _

from concours.platform.core.actors import System
from concours.platform.core.errors import NotPermitted


def permitted(actor: Any, permission: str, subject: Any = None) -> bool:
    """Whether `actor` holds `permission` (of a rules.py) on `subject`; unknown names raise."""
    if not rules.perm_exists(permission):
        raise LookupError(f"no rule is registered for {permission!r}")
    if isinstance(actor, System):
        return True
    return bool(rules.has_perm(permission, actor, subject))


def require(actor: Any, permission: str, subject: Any = None) -> None:
    """Raise NotPermitted unless `actor` holds `permission` on `subject`."""
    if not permitted(actor, permission, subject):
        raise NotPermitted("not-permitted", _("You may not do this."))

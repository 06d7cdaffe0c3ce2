"""Public profiles and credentials. Other apps use these functions, never the models."""

from concours.platform.profiles.domain.checking import check
from concours.platform.profiles.domain.choosing import (
    choose,
    chosen_by,
    hide,
    show,
)
from concours.platform.profiles.domain.issuing import issue
from concours.platform.profiles.domain.keys import (
    change_key,
    did_of_site,
    issuer_document,
    key_in_use,
    known_keys,
)
from concours.platform.profiles.domain.revoking import revoke
from concours.platform.profiles.domain.status import status_list
from concours.platform.profiles.domain.telling import Told, told_of

__all__ = [
    "Told",
    "change_key",
    "check",
    "choose",
    "chosen_by",
    "did_of_site",
    "hide",
    "issue",
    "issuer_document",
    "key_in_use",
    "known_keys",
    "revoke",
    "show",
    "status_list",
    "told_of",
]

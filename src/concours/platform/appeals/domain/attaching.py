"""Files that support an appeal: few, small, and never shown by a browser."""

from __future__ import annotations

import hashlib
import logging
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.appeals.domain.locks import lock_appeal, note
from concours.platform.appeals.enums import OPEN_STATES
from concours.platform.appeals.models import Appeal, Attachment
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.storing import store
from concours.platform.core.wording import one_line

MOST_FILES = 5
MOST_BYTES = 2 * 1024 * 1024
MOST_NAME = 120
ENDINGS = frozenset(
    {".csv", ".jpeg", ".jpg", ".json", ".log", ".md", ".pdf", ".png", ".txt", ".zip"}
)
FOLDER = "appeals"

logger = logging.getLogger(__name__)


def attach_file(*, actor: Any, appeal: Appeal, name: str, content: bytes) -> Attachment:
    """Add a file to an appeal that has not ended.

    Stored before the transaction and removed again if that fails. Raises Refused beyond five files
    or 2 MiB, for an empty file, and for a name whose ending is not of `ENDINGS`.
    """
    require(actor, "appeals.attach", appeal)
    name = _checked_name(name)
    if not content:
        raise Refused("empty", _("This file is empty."))
    if len(content) > MOST_BYTES:
        raise Refused("too-large", _("A file has at most 2 MiB."))
    _require_room(appeal)
    stored = store(ContentFile(content), folder=FOLDER)
    try:
        with transaction.atomic():
            appeal = lock_appeal(appeal, states=OPEN_STATES)
            require(actor, "appeals.attach", appeal)
            _require_room(appeal)
            attachment = Attachment.objects.create(
                appeal=appeal,
                name=name,
                file=stored,
                size=len(content),
                digest=hashlib.sha256(content).hexdigest(),
                added_at=clock.now(),
            )
            note(
                actor=actor,
                verb="appeal.attached",
                appeal=appeal,
                attachment=attachment.code,
                digest=attachment.digest,
            )
    except BaseException:
        default_storage.delete(stored)
        raise
    return attachment


def _checked_name(name: str) -> str:
    last = one_line(PurePosixPath(name.replace("\\", "/")).name, most=MOST_NAME)
    if PurePosixPath(last).suffix.lower() not in ENDINGS:
        raise Refused(
            "file-kind",
            _("Files of these kinds are taken: %(kinds)s.")
            % {"kinds": ", ".join(sorted(ending[1:] for ending in ENDINGS))},
        )
    return last


def _require_room(appeal: Appeal) -> None:
    if appeal.attachments.count() >= MOST_FILES:
        raise Refused(
            "too-many-files",
            _("An appeal has at most %(most)d files.") % {"most": MOST_FILES},
        )

"""Files that prove something: few, small, what their name says, never shown by a browser."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.core.storing import store
from concours.platform.core.wording import one_line
from concours.platform.donations.enums import PaperPurpose
from concours.platform.donations.models import Donation, Paper

T = TypeVar("T")
MOST_FILES = 60
MOST_BYTES = 5 * 1024 * 1024
MOST_NAME = 120
FOLDER = "donations"
TAIL = 1024
"""So near its end a PDF says that it ends."""


def keep(
    *,
    actor: Any,
    donation: Donation,
    purpose: PaperPurpose,
    name: str,
    content: bytes,
    then: Callable[[Paper], T],
) -> T:
    """Store a PDF, PNG or JPEG and do `then` with it, in one transaction.

    Raises Refused for a file that is empty, above 5 MiB or not what its name says, and beyond sixty
    of a donation. What was stored goes again where `then` fails.
    """
    name = checked_name(name, content)
    stored = store(ContentFile(content), folder=FOLDER)
    try:
        with transaction.atomic():
            if Paper.objects.filter(donation=donation).count() >= MOST_FILES:
                raise Refused(
                    "too-many-files",
                    _("A donation has at most %(most)d files.") % {"most": MOST_FILES},
                )
            paper = Paper.objects.create(
                donation=donation,
                purpose=purpose,
                name=name,
                file=stored,
                size=len(content),
                digest=hashlib.sha256(content).hexdigest(),
                added_by=actor,
                added_at=clock.now(),
            )
            return then(paper)
    except BaseException:
        default_storage.delete(stored)
        raise


def checked_name(name: str, content: bytes) -> str:
    """The file's own name. Raises Refused unless `content` is what its ending says."""
    last = one_line(PurePosixPath(name.replace("\\", "/")).name, most=MOST_NAME)
    if not content:
        raise Refused("empty", _("This file is empty."))
    if len(content) > MOST_BYTES:
        raise Refused("too-large", _("A file has at most 5 MiB."))
    looks_right = LOOKS.get(PurePosixPath(last).suffix.lower())
    if looks_right is None or not looks_right(content):
        raise Refused("file-kind", _("Give a PDF, PNG or JPEG file that is what its name says."))
    return last


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-TAIL:]


def _is_png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in content[-TAIL:]


def _is_jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff") and content.rstrip(b"\0").endswith(b"\xff\xd9")


LOOKS: dict[str, Callable[[bytes], bool]] = {
    ".pdf": _is_pdf,
    ".png": _is_png,
    ".jpg": _is_jpeg,
    ".jpeg": _is_jpeg,
}

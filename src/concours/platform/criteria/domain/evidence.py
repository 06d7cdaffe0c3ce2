"""What speaks for a row: files and addresses, each with its digest and date."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.storing import store
from concours.platform.core.wording import one_line
from concours.platform.criteria.domain.noting import note, person_or_none, sealed
from concours.platform.criteria.domain.opening import refuse_closed
from concours.platform.criteria.enums import EvidenceKind
from concours.platform.criteria.models import AssessedRow, Evidence

MOST_BYTES = 4 * 1024 * 1024
MOST_EVIDENCE = 20
MOST_NAME = 200
ENDINGS = frozenset(".csv .jpeg .jpg .json .md .pdf .png .txt .zip".split())
FOLDER = "criteria"
AHEAD = timedelta(days=1)
_DIGEST = re.compile(r"[0-9a-f]{64}")


def add_evidence(
    *,
    actor: Any,
    row: AssessedRow,
    name: str,
    dated: date,
    confidential: bool = False,
    address: str = "",
    content: bytes = b"",
    digest: str = "",
) -> Evidence:
    """Attach a file (`content`) or an https `address` to a row.

    `dated` is the day that the evidence is of; it counts for the row's `valid_days` from then.
    `digest` (SHA-256, hex) may be given for what stands at an address; for a file it is computed.
    Raises NotPermitted, and Refused for both or neither, a wrong kind, size, day or digest.
    """
    require(actor, "criteria.add_evidence", row.assessment)
    name = one_line(PurePosixPath(name.replace("\\", "/")).name, most=MOST_NAME)
    if bool(address) == bool(content) or not name:
        raise Refused("one-of-two", _("Give either a file or an address, and its name."))
    if dated > (clock.now() + AHEAD).date():
        raise Refused("day-to-come", _("This day is still to come; give the evidence's own."))
    stored = ""
    if content:
        _refuse_file(name, content)
        digest = hashlib.sha256(content).hexdigest()
        stored = store(ContentFile(content), folder=FOLDER)
    else:
        _refuse_address(address, digest)
    try:
        return _attach(
            actor,
            row,
            name=name,
            dated=dated,
            confidential=confidential,
            address=address,
            file=stored,
            digest=digest,
            kind=EvidenceKind.FILE if content else EvidenceKind.ADDRESS,
        )
    except BaseException:
        if stored:
            default_storage.delete(stored)
        raise


@transaction.atomic
def withdraw_evidence(*, actor: Any, evidence: Evidence) -> Evidence:
    """Take it back: it counts no more, and stays in the history. Raises Refused if taken back."""
    assessment = lock(evidence.row.assessment)
    evidence = lock(evidence)
    require(actor, "criteria.add_evidence", assessment)
    refuse_closed(assessment)
    if evidence.withdrawn_at is not None:
        raise Refused("withdrawn", _("This evidence was withdrawn."))
    evidence.withdrawn_at = clock.now()
    evidence.save(update_fields=["withdrawn_at"])
    note(
        actor=actor,
        verb="evidence.withdrawn",
        assessment=assessment,
        row=evidence.row.code,
        evidence=evidence.code,
    )
    return evidence


@transaction.atomic
def _attach(actor: Any, row: AssessedRow, *, dated: date, **fields: Any) -> Evidence:
    assessment = lock(row.assessment)
    require(actor, "criteria.add_evidence", assessment)
    refuse_closed(assessment)
    if row.evidence.filter(withdrawn_at__isnull=True).count() >= MOST_EVIDENCE:
        raise Refused(
            "too-many",
            _("A row has at most %(most)d pieces of evidence.") % {"most": MOST_EVIDENCE},
        )
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    begins = midnight.replace(year=dated.year, month=dated.month, day=dated.day)
    evidence = Evidence.objects.create(
        row=row,
        dated=dated,
        salt=secrets.token_hex(32),
        added_by=person_or_none(actor),
        added_at=clock.now(),
        valid_until=begins + timedelta(days=row.valid_days),
        **fields,
    )
    note(
        actor=actor,
        verb="evidence.added",
        assessment=assessment,
        row=row.code,
        evidence=evidence.code,
        confidential=evidence.confidential,
        **_shown(evidence),
    )
    return evidence


def _shown(evidence: Evidence) -> dict[str, str]:
    """What the record, which everybody reads, holds of it."""
    if evidence.confidential:
        content = "\n".join([evidence.name, evidence.address, evidence.digest])
        return {"sealed": sealed(evidence.salt, content)}
    return {"address": evidence.address, "digest": evidence.digest, "dated": str(evidence.dated)}


def _refuse_file(name: str, content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise Refused("too-large", _("A file has at most 4 MiB."))
    if PurePosixPath(name).suffix.lower() not in ENDINGS:
        raise Refused(
            "file-kind",
            _("Files of these kinds are taken: %(kinds)s.")
            % {"kinds": ", ".join(sorted(ending[1:] for ending in ENDINGS))},
        )


def _refuse_address(address: str, digest: str) -> None:
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname or len(address) > 500 or " " in address:
        raise Refused("bad-address", _("Give a whole address that begins with https://."))
    if digest and not _DIGEST.fullmatch(digest):
        raise Refused("bad-digest", _("A digest has 64 hexadecimal digits (SHA-256)."))

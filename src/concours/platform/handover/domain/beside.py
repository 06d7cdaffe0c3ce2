"""What stands beside a dossier today, by the leave of its people, and all of it as one file."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from concours.platform.accounts.domain import waits_for_consent
from concours.platform.competitions.domain.lookups import latest_submission
from concours.platform.handover.document import BESIDE, seal_of
from concours.platform.handover.domain.gathering import members_of, released
from concours.platform.handover.models import Dossier, Handover

DOSSIER, WORDS, BUNDLES = "dossier.json", "beside.json", "bundles.txt"
STAMP = (1980, 1, 1, 0, 0, 0)
"""The same for each, so that the same content is the same file."""


def beside(*, dossier: Dossier) -> dict[str, Any]:
    """Title, repository, names and texts, as far as their people agree now.

    Names of closed accounts, and of people under age whose guardian's consent is not noted, are
    not among them; a text only where it is still the one that the dossier has the seal of.
    """
    handover = dossier.handover
    parts = json.loads(dossier.content)
    return {
        "format": BESIDE,
        "of": dossier.digest,
        "title": handover.entry.title,
        "repository": _repository(handover, parts),
        "people": _people(handover, parts),
        "reviews": _reviews(handover, parts),
    }


def packed(*, dossier: Dossier) -> bytes:
    """A zip of the dossier, of what stands beside it, and of the digests of its runs' bundles."""
    parts = json.loads(dossier.content)
    bundles = "".join(
        f"{one['digest']}  {run['code']} {one['bytes']}\n"
        for run in parts["evaluations"]
        for one in run["bundles"]
    )
    words = json.dumps(beside(dossier=dossier), ensure_ascii=False, indent=1, sort_keys=True)
    files = {DOSSIER: dossier.content, WORDS: words + "\n", BUNDLES: bundles}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, STAMP)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())
    return buffer.getvalue()


def _repository(handover: Handover, parts: dict[str, Any]) -> str:
    if not handover.repository_shown:
        return ""
    submission = latest_submission(entry=handover.entry)
    if submission is None or submission.digest != parts["code"]["digest"]:
        return ""
    return str(submission.git_url)


def _people(handover: Handover, parts: dict[str, Any]) -> list[dict[str, Any]]:
    told = {one["member"] for one in parts["people"]}
    codes = members_of(handover)
    wishes = handover.wishes.filter(named=True, user__is_active=True, user__erased_at__isnull=True)
    return [
        {"member": wish.member, "captain": codes[wish.user_id][1], "name": wish.user.display_name}
        for wish in wishes.select_related("user").order_by("member")
        if wish.member in told and wish.user_id in codes and not waits_for_consent(user=wish.user)
    ]


def _reviews(handover: Handover, parts: dict[str, Any]) -> list[dict[str, str]]:
    seals = {one["seal"] for one in parts["reviews"]["released"]}
    rows = [
        {"seal": seal_of(salt=salt, text=one.comment), "salt": salt, "text": one.comment}
        for one, salt in released(handover)
    ]
    return sorted((row for row in rows if row["seal"] in seals), key=lambda row: row["seal"])

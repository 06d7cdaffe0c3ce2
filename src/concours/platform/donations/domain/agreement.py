"""The agreement: drawn up in both languages from the donation's parts, version by version."""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from concours.platform.core import clock
from concours.platform.donations.domain.noting import note
from concours.platform.donations.enums import DonationState
from concours.platform.donations.models import AgreementVersion, Donation
from concours.platform.record.chain import canonical

TEMPLATES = {"en": "donations/agreement/en.md", "zh-hans": "donations/agreement/zh.md"}
_CLAUSE = re.compile(r"^(?=## )", re.MULTILINE)
MEANT = re.compile(r"([\\`*_{}\[\]<>#|!~&])")


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """The agreement's two texts and their digest."""

    text: str
    text_zh: str

    @property
    def digest(self) -> str:
        return digest_of(text=self.text, text_zh=self.text_zh)


def digest_of(*, text: str, text_zh: str) -> str:
    """SHA-256, in hex, of the canonical JSON {"en": text, "zh": text} of both canonical texts."""
    both = {"en": canonical_text(text), "zh": canonical_text(text_zh)}
    return hashlib.sha256(canonical(both).encode()).hexdigest()


def canonical_text(text: str) -> str:
    """Unicode NFC; lines end in one line feed and hold no blanks before it; no blank ends it."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def draw(donation: Donation) -> Drawn:
    """What the agreement says as the donation stands now."""
    texts = []
    for language, template in TEMPLATES.items():
        with translation.override(language):
            texts.append(canonical_text(render_to_string(template, _parts(donation))))
    return Drawn(text=texts[0], text_zh=texts[1])


def redraw(*, actor: Any, donation: Donation) -> AgreementVersion | None:
    """A new version where the last one does not say what the donation says now; else None.

    Signatures stay with the version that they are under. Before acceptance there is no agreement.
    """
    if donation.state != DonationState.ACCEPTED:
        return None
    drawn, last = draw(donation), latest_version(donation)
    if last is not None and last.digest == drawn.digest:
        return None
    version = AgreementVersion.objects.create(
        donation=donation,
        number=last.number + 1 if last else 1,
        text=drawn.text,
        text_zh=drawn.text_zh,
        digest=drawn.digest,
        drawn_at=clock.now(),
    )
    note(
        actor=actor,
        verb="donation.agreement-drawn",
        donation=donation,
        version=version.number,
        digest=version.digest,
    )
    return version


def latest_version(donation: Donation) -> AgreementVersion | None:
    return AgreementVersion.objects.filter(donation=donation).last()


def differences(older: str, newer: str) -> list[tuple[str, str]]:
    """(sign, line): "-" in the older text only, "+" in the newer, " " in both, "@" for a gap."""
    lines = difflib.unified_diff(older.splitlines(), newer.splitlines(), lineterm="", n=1)
    return [(line[0], "" if line[0] == "@" else line[1:]) for line in list(lines)[2:]]


def clauses_of(version: AgreementVersion) -> list[tuple[str, str]]:
    """The clauses in English and Chinese, the title first; one pair where they do not match."""
    english, chinese = (_CLAUSE.split(text) for text in (version.text, version.text_zh))
    if len(english) != len(chinese):
        return [(version.text, version.text_zh)]
    return list(zip(english, chinese, strict=True))


def _parts(donation: Donation) -> dict[str, Any]:
    return {
        "project": {
            "name": _plain(donation.name),
            "name_zh": _plain(donation.name_zh),
            "name_local": _plain(donation.name_zh or donation.name),
            "licence": _plain(donation.licence),
            "homepage": _plain(donation.homepage),
        },
        "receiver": _plain(donation.receiver),
        "receiver_zh": _plain(donation.receiver_zh),
        "receiver_local": _plain(donation.receiver_zh or donation.receiver),
        "undivided": donation.undivided,
        "donors": [
            {
                "name": _plain(party.name),
                "name_zh": _plain(party.name_zh),
                "name_local": _plain(party.name_zh or party.name),
                "kind": _plain(party.get_kind_display()),
                "registered_as": _plain(party.registered_as),
                "address": _plain(party.address),
                "share": str(party.share or ""),
            }
            for party in donation.parties.all()
        ],
        "assets": [
            {
                "kind": _plain(asset.get_kind_display()),
                "name": _plain(asset.name),
                "location": _plain(asset.location),
                "licence": _plain(asset.licence),
                "owner": _plain(asset.owner),
            }
            for asset in donation.assets.all()
        ],
        "terms": [
            {
                "kind": _plain(terms.get_kind_display()),
                "on_file": str(terms.on_file),
                "contributors": str(terms.contributors),
            }
            for terms in donation.terms.all()
        ],
    }


def _plain(text: object) -> str:
    """`text` as CommonMark that shows it letter by letter: nobody's name writes a clause."""
    return mark_safe(MEANT.sub(r"\\\1", str(text)))  # noqa: S308  Markdown, cleaned where shown

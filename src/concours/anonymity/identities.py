"""The strings that tell whose a piece of software is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

MOST_IDENTITIES = 500
MOST_LENGTH = 200
SHORTEST = 3
"""Latin letters or digits below which a word is too short to be replaced wherever it stands."""
ADDRESS = "anonymous.invalid"
# Words that programs are full of. A team or a mailbox may be called so; replacing the word in all
# files would tell less than it would break.
COMMON = frozenset(
    "abc account admin agent algorithm alpha api app author base beta bot build client cloud code "
    "com contact core data default demo dev developer dragon eagle email engine error example file "
    "git group hello help home host hub info init int lab lib linux list main master me model name "
    "net new node null office open org page phoenix pilot public python random robot root self "
    "server service source star start student support sys system team temp test tester true type "
    "user util view web work world www".split()
)
PUBLIC_MAIL = frozenset(
    "126.com 139.com 163.com aliyun.com example.com foxmail.com gmail.com gmx.de gmx.net "
    "googlemail.com hotmail.com icloud.com live.com mail.ru me.com msn.com outlook.com proton.me "
    "protonmail.com qq.com sina.cn sina.com sohu.com vip.qq.com vip.163.com yahoo.com yandex.ru "
    "yeah.net".split()
)


class Kind(StrEnum):
    NAME = "name"
    TEAM = "team"
    EMAIL = "email"
    ACCOUNT = "account"
    ORGANISATION = "organisation"
    DOMAIN = "domain"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A person, a team or an organisation with all that names it."""

    kind: Kind
    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Identity:
    """A string to look for, and the word that stands in its place.

    `weak` ones are told of where they stand as a word, and are never replaced.
    """

    text: str
    kind: Kind
    token: str
    weak: bool


def identities_of(subjects: Iterable[Subject]) -> tuple[Identity, ...]:
    """What to look for: names, addresses, their local parts and own domains, accounts.

    The longest come first, so that an address goes before its local part. A subject's names share
    one token (anon1, anon2 ..., in the order given). Texts beyond MOST_LENGTH characters are cut.
    Raises ValueError for more than MOST_IDENTITIES.
    """
    found: dict[str, Identity] = {}
    for number, subject in enumerate(subjects, start=1):
        for text, kind in _texts(subject):
            text = unicodedata.normalize("NFKC", text).strip()[:MOST_LENGTH]
            if text:
                found.setdefault(text.casefold(), _identity(text, kind, number))
    if len(found) > MOST_IDENTITIES:
        raise ValueError(f"{len(found)} identities; at most {MOST_IDENTITIES} are looked for")
    return tuple(sorted(found.values(), key=lambda one: (-len(one.text), one.text)))


def _texts(subject: Subject) -> Iterator[tuple[str, Kind]]:
    for name in subject.names:
        yield name, subject.kind
    for account in subject.accounts:
        yield account, Kind.ACCOUNT
    for email in subject.emails:
        local, _, domain = email.partition("@")
        yield email, Kind.EMAIL
        yield local.partition("+")[0], Kind.ACCOUNT
        if domain and domain.lower() not in PUBLIC_MAIL:
            yield domain, Kind.DOMAIN


def _identity(text: str, kind: Kind, number: int) -> Identity:
    token = {Kind.EMAIL: f"anon{number}@{ADDRESS}", Kind.DOMAIN: ADDRESS}.get(kind, f"anon{number}")
    return Identity(text=text, kind=kind, token=token, weak=is_weak(text, kind))


def is_weak(text: str, kind: Kind) -> bool:
    """Whether the text is too short or too common to be replaced wherever it stands.

    So is an organisation of one Latin word: it is likely the name of a product that code imports.
    """
    if kind in (Kind.EMAIL, Kind.DOMAIN):
        return False
    letters = "".join(letter for letter in text if letter.isalnum())
    if not letters.isascii():
        return len(letters) < 2
    one_word = letters == text
    return (
        len(letters) < SHORTEST
        or letters.isdigit()
        or text.casefold() in COMMON
        or (kind is Kind.ORGANISATION and one_word)
    )

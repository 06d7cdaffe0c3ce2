"""Finding a name however it is spelt: case, width, accents, separators, escapes. In linear time.

Patterns have no unbounded repetition; a search costs O(text) for each identity whose first word is
in the text at all, which a plain substring search finds out beforehand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from concours.anonymity.identities import ADDRESS, Identity, Kind

LONG = 8
"""Latin letters from which on a name is found inside longer words too (zhangsan2020)."""
SEPARATORS = r"[\s_.,·・\-]{0,3}"
_WORDS = re.compile(r"[^\s_.,·・\-]+")
_BEFORE = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrtbf]))"
_AFTER = r"(?![A-Za-z])"
_AT = r"\s{0,2}(?:@|＠|%40|[\[({<]at[\])}>]|\sat\s)\s{0,2}"
_DOT = r"(?:[.．。]|\s?[\[({<]dot[\])}>]\s?|\sdot\s)"
_MARKS = "[\u0300-\u036f]{0,2}"
_FOUND_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.){1,8}"
    r"(?:[a-z]{2}|[A-Z]{2}|com|org|net|edu|gov|mil|int|info|biz|name|dev|app|xyz|tech|cloud|online"
    r"|top|site|wang|club|icu|vip|tencent|asia|eu|COM|ORG|NET|EDU|公司|中国|网络)"
    r"(?![A-Za-z0-9(\[\-]|\.[A-Za-z0-9])"
)
_SHELL = "git@"
"""Not a mailbox: how the addresses of repositories begin."""


def fold(text: str) -> str:
    """What two spellings share that differ in case and width alone."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold()


@dataclass(frozen=True)
class _Search:
    identity: Identity
    pattern: re.Pattern[str]
    cores: tuple[str, ...]
    """Folded; where none of them is in the folded text, neither is the identity."""

    def may_be_in(self, folded: str) -> bool:
        """Whether it is to be replaced and could be in a text."""
        return not self.identity.weak and any(core in folded for core in self.cores)


class Scrubber:
    """Looks for identities in text and puts their tokens in their place."""

    def __init__(self, identities: Iterable[Identity]) -> None:
        self.identities = tuple(identities)
        self._searches = [_search(one) for one in self.identities]

    def replace(self, text: str) -> tuple[str, dict[str, int]]:
        """The text without strong identities and addresses, and {kind: places replaced}."""
        counts: dict[str, int] = {}
        folded = fold(text)
        # Whole addresses go before domains and names: a part replaced would leave the rest.
        for emails in (True, False):
            for search in self._searches:
                if (search.identity.kind is Kind.EMAIL) is emails and search.may_be_in(folded):
                    text, count = search.pattern.subn(search.identity.token, text)
                    _count(counts, search.identity.kind, count)
            if emails:
                text, count = replace_addresses(text)
                _count(counts, Kind.EMAIL, count)
        return text, counts

    def left(self, text: str) -> dict[str, int]:
        """{kind: places} of weak identities that stand in the text as words of their own."""
        counts: dict[str, int] = {}
        folded = fold(text)
        for search in self._searches:
            if search.identity.weak and any(core in folded for core in search.cores):
                _count(counts, search.identity.kind, len(search.pattern.findall(text)))
        return counts

    @cached_property
    def strong(self) -> tuple[Identity, ...]:
        return tuple(one for one in self.identities if not one.weak)


def _count(counts: dict[str, int], kind: Kind, count: int) -> None:
    if count:
        counts[str(kind)] = counts.get(str(kind), 0) + count


def replace_addresses(text: str) -> tuple[str, int]:
    """The text with all mail addresses replaced, and how many there were."""
    if "@" not in text:
        return text, 0
    count = 0

    def put(match: re.Match[str]) -> str:
        nonlocal count
        if match[0].startswith(_SHELL):
            return match[0]
        count += 1
        return f"someone@{ADDRESS}"

    return _FOUND_ADDRESS.sub(put, text), count


def _search(identity: Identity) -> _Search:
    text = identity.text
    if identity.kind is Kind.EMAIL:
        local, _, domain = text.partition("@")
        pattern = _letters(local) + _AT + _DOT.join(map(_letters, domain.split(".")))
        return _Search(identity, re.compile(pattern), (fold(local),))
    if identity.kind is Kind.DOMAIN:
        pattern = _DOT.join(map(_letters, text.split(".")))
        return _Search(
            identity,
            # With subdomains, and with the mailbox of an address whose ending nobody knows.
            re.compile(
                r"(?<![A-Za-z0-9._%+\-])(?:[A-Za-z0-9._%+\-]{1,64}@)?(?:[A-Za-z0-9\-]{1,63}\.){0,8}"
                rf"{pattern}(?![A-Za-z0-9\-])"
            ),
            (fold(text.partition(".")[0]),),
        )
    words = _WORDS.findall(text) or [text]
    orders = [words]
    if 1 < len(words) <= 4 and identity.kind is Kind.NAME:
        orders += [[*words[1:], words[0]], [words[-1], *words[:-1]]]
    pattern = "|".join(dict.fromkeys(_bounded(order) for order in orders))
    cores = {core for order in orders for core in _cores(order[0])}
    return _Search(identity, re.compile(pattern), tuple(sorted(cores)))


def _cores(word: str) -> set[str]:
    """What is in a folded text wherever the word is in the text, in one of its spellings."""
    first = fold(word)
    plain = _plain(first)
    found = {first, plain}
    if not first.isascii():
        found = {first[0], _plain(first[0]), f"\\u{ord(first[0]):04x}"}
    return {core for core in found if core}


def _bounded(words: list[str]) -> str:
    joined = "".join(words)
    short = sum(letter.isascii() for letter in joined) < LONG
    pattern = SEPARATORS.join(_letters(word) for word in words)
    if short and joined[0].isascii():
        pattern = _BEFORE + pattern
    if short and joined[-1].isascii():
        pattern += _AFTER
    return f"(?:{pattern})"


def _letters(word: str) -> str:
    gap = r"\s?" if not word.isascii() and len(word) <= 4 else ""
    return gap.join(_letter(letter) for letter in word)


def _letter(letter: str) -> str:
    """A pattern of one letter in all its spellings."""
    plain = _plain(letter)
    spelt = {letter, letter.lower(), letter.upper(), plain, plain.lower(), plain.upper()}
    spelt |= {chr(ord(one) + 0xFEE0) for one in spelt if len(one) == 1 and "!" <= one <= "~"}
    single = "".join(sorted(re.escape(one) for one in spelt if len(one) == 1))
    pattern = f"[{single}]"
    if not letter.isascii():
        code = f"{ord(letter):04x}"
        pattern = rf"(?:{pattern}|\\u(?:{code}|{code.upper()}))"
    return pattern + (_MARKS if plain != letter else "")


def _plain(text: str) -> str:
    """Without accents."""
    split = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in split if not unicodedata.combining(letter)) or text

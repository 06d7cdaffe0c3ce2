"""What may be kept of a text that somebody wrote, whichever way it came in.

Forms and the API refuse most of this earlier and beside the field; here nothing passes.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from concours.platform.core.errors import Refused

DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn what follows around: a name with one of them is read as another."""
INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u200b\u200e\u200f"
    "\u2060\u2061\u2062\u2063\u2064\u2065\u206a\u206b\u206c\u206d\u206e\u206f\u2800\u3164\ufeff"
    "\uffa0\ufff9\ufffa\ufffb"
) | {chr(code) for code in (*range(0x1D173, 0x1D17B), *range(0xE0000, 0xE0100))}
"""They make two names that look the same differ, or a name that nobody sees."""
DECEIVING = DIRECTION | INVISIBLE
JOINING = frozenset("\u200c\u200d") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
"""Scripts and emoji need them between letters that are seen; by themselves nobody sees them."""
ALIKE = str.maketrans(
    "авеһікмнорстухјѕԁԛԝӏαβεζηικμνορτυχı",
    "abehikmhopctyxjsdqwlabezhikmnoptyxi",
)
"""Cyrillic and Greek letters that are drawn, small or large, as a Latin one."""
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
SPACIOUS = 8
"""So many times the characters that are kept may come in, where spaces are made single."""


def one_line(text: str, *, most: int) -> str:
    """`text` on one line, its spaces single; 0..`most` characters.

    Raises Refused for control characters, for those that turn the direction of writing or are not
    seen, and beyond `most`.
    """
    if len(text) > SPACIOUS * most:  # before anything looks at each character
        raise _too_long(most)
    line = " ".join(text.split())
    if any(not _keepable(letter) or letter in DECEIVING for letter in line):
        raise _bad_text()
    if line and all(letter in JOINING for letter in line):
        raise _bad_text()
    if len(line) > most:
        raise _too_long(most)
    return line


def passage(text: str, *, most: int) -> str:
    """`text` as it is, line breaks and tabs included; 0..`most` characters.

    Raises Refused for other control characters and beyond `most`.
    """
    if len(text) > most:
        raise _too_long(most)
    if any(not _keepable(letter) and letter not in "\n\r\t\f" for letter in text):
        raise _bad_text()
    return text


def storable(text: str) -> str:
    """A text that a program wrote, with a mark in place of what no database stores.

    Nobody can be asked to write it better: zero characters and halves of characters become U+FFFD.
    """
    return _UNSTORABLE.sub("\ufffd", text)


def spelling(name: str) -> str:
    """What two spellings of a name share: case, width and composed letters aside, and letters of
    another script that look the same."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    seen = "".join(letter for letter in folded if letter not in JOINING)
    return " ".join(unicodedata.normalize("NFKC", seen).translate(ALIKE).split())


def _keepable(letter: str) -> bool:
    """Neither a control character nor half a character, which no database stores."""
    return unicodedata.category(letter) not in {"Cc", "Cs"}


def _too_long(most: int) -> Refused:
    return Refused("too-long", _("Keep the text to %(most)d characters.") % {"most": most})


def _bad_text() -> Refused:
    return Refused("bad-text", _("This text holds characters that cannot be kept."))

"""Bytes as text that says which base it is in: base58btc ("z") and base64url ("u")."""

from __future__ import annotations

import base64
import binascii

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
DIGITS = {letter: value for value, letter in enumerate(ALPHABET)}
MOST = 256
"""Characters of base58: reading it takes the square of their number."""


def base58btc(raw: bytes) -> str:
    """`raw` with the prefix "z"; each leading zero byte is a "1"."""
    number, digits = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        digits = ALPHABET[rest] + digits
    return "z" + "1" * (len(raw) - len(raw.lstrip(b"\0"))) + digits


def from_base58btc(text: str) -> bytes:
    """The bytes of a text with the prefix "z". Raises ValueError for any other, or a long one."""
    if not text.startswith("z") or len(text) > MOST:
        raise ValueError("no short multibase text in base58btc")
    digits, number = text[1:], 0
    for letter in digits:
        if letter not in DIGITS:
            raise ValueError("a character that base58 has not")
        number = number * 58 + DIGITS[letter]
    zeros = len(digits) - len(digits.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base64url(raw: bytes) -> str:
    """`raw` with the prefix "u", without padding."""
    return "u" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """The bytes of a text with the prefix "u". Raises ValueError for any other."""
    if not text.startswith("u") or not text.isascii():
        raise ValueError("no multibase text in base64url")
    plain = text[1:].replace("-", "+").replace("_", "/")
    if "=" in plain or any(letter in text for letter in "+/"):
        raise ValueError("another base than base64url")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("no base64url") from error

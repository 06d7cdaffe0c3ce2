"""Ed25519 keys as Multikey texts."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from concours.credentials.multibase import base58btc, from_base58btc
from concours.credentials.why import BadDocument, Why

PUBLIC = b"\xed\x01"
SECRET = b"\x80\x26"
SIZE = 32


@dataclass(frozen=True)
class PublicKey:
    """32 bytes."""

    raw: bytes

    @property
    def multikey(self) -> str:
        return base58btc(PUBLIC + self.raw)

    @property
    def did(self) -> str:
        """The did:key that this key is by itself."""
        return f"did:key:{self.multikey}"

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Whether the key's owner has signed `message`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """A key that signs, of 32 secret bytes. It is not shown where it is printed."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != SIZE:
            raise BadDocument(Why.BAD_KEY)

    @property
    def public(self) -> PublicKey:
        return PublicKey(self._key.public_key().public_bytes_raw())

    @property
    def multikey(self) -> str:
        """The secret as text."""
        return base58btc(SECRET + self.secret)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.secret)


def public_key(multikey: object) -> PublicKey:
    """The key of a Multikey text. Raises BadDocument for anything but an Ed25519 public key."""
    return PublicKey(_bytes(multikey, PUBLIC))


def signing_key(multikey: object) -> SigningKey:
    """The key of a Multikey text. Raises BadDocument for anything but an Ed25519 secret key."""
    return SigningKey(_bytes(multikey, SECRET))


def key_of_did(did: object) -> PublicKey:
    """The key that a did:key is. Raises BadDocument for anything else."""
    if not isinstance(did, str) or not did.startswith("did:key:"):
        raise BadDocument(Why.BAD_KEY)
    return public_key(did.removeprefix("did:key:"))


def _bytes(multikey: object, kind: bytes) -> bytes:
    try:
        raw = from_base58btc(multikey) if isinstance(multikey, str) else b""
    except ValueError:
        raise BadDocument(Why.BAD_KEY) from None
    if len(raw) != len(kind) + SIZE or not raw.startswith(kind):
        raise BadDocument(Why.BAD_KEY)
    return raw[len(kind) :]

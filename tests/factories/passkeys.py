"""A security key in software: it signs as the WebAuthn specification says."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

HOST = "testserver"
FLAG = AuthenticatorData.FLAG


@dataclass
class SecurityKey:
    """A key of `user`, known to the installation once `registered`."""

    user: Any
    name: bytes = field(default_factory=lambda: os.urandom(16))
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def registered(self) -> Authenticator:
        public = ES256.from_cryptography_key(self.private.public_key())
        known = AttestedCredentialData.create(Aaguid.NONE, self.name, public)
        told = AuthenticatorData.create(_host(), FLAG.UP | FLAG.UV | FLAG.AT, 0, known)
        client = CollectedClientData.create("webauthn.create", os.urandom(32), f"https://{HOST}")
        credential = {
            **self._named(),
            "response": {
                "clientDataJSON": websafe_encode(client),
                "attestationObject": websafe_encode(AttestationObject.create("none", told, {})),
            },
            "clientExtensionResults": {"credProps": {"rk": True}},
        }
        return Authenticator.objects.create(
            user=self.user, type="webauthn", data={"name": "Key", "credential": credential}
        )

    def answer(self, challenge: str, *, verified: bool) -> str:
        """The answer to `challenge` as a browser posts it. `verified`: a finger or PIN was asked
        for; without it the key was only touched."""
        flags = FLAG.UP | FLAG.UV if verified else FLAG.UP
        told = AuthenticatorData.create(_host(), flags, 1)
        client = CollectedClientData.create("webauthn.get", challenge, f"https://{HOST}")
        signature = self.private.sign(
            told + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(told),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(user_pk_to_url_str(self.user).encode()),
        }
        return json.dumps({**self._named(), "response": response, "clientExtensionResults": {}})

    def _named(self) -> dict[str, str]:
        return {
            "id": websafe_encode(self.name),
            "rawId": websafe_encode(self.name),
            "type": "public-key",
        }


def _host() -> bytes:
    return hashlib.sha256(HOST.encode()).digest()

"""What an ID token has to prove before anyone is signed in by it (OpenID Connect Core, 3.1.3.7)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures by key pairs alone: a published key must never serve as a shared secret."""
NEEDED = ["iss", "sub", "aud", "exp", "iat"]
LEEWAY = 30
"""Seconds by which the provider's clock may differ from ours."""


def proven_claims(
    token: str, *, keys: Mapping[str, Any], issuer: str, client_id: str, nonce: str
) -> dict[str, Any]:
    """The claims of an ID token signed by one of `keys` (a JWK set), by and for the right parties.

    Raises OAuth2Error for another issuer, audience or authorised party, a nonce that is not the one
    sent, a token out of its time, and one that no key has signed.
    """
    try:
        key = _signing_key(token, keys)
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=list(ALGORITHMS),
            issuer=issuer,
            audience=client_id,
            leeway=LEEWAY,
            options={"require": NEEDED},
        )
    except (jwt.PyJWTError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise OAuth2Error(f"the ID token is not valid: {error}") from error
    party = claims.get("azp", client_id)
    if party != client_id or (isinstance(claims["aud"], list) and len(claims["aud"]) > 1):
        raise OAuth2Error("the ID token was made for another application")
    if not nonce or not hmac.compare_digest(str(claims.get("nonce", "")), nonce):
        raise OAuth2Error("the ID token does not answer this sign-in")
    return claims


def _signing_key(token: str, keys: Mapping[str, Any]) -> jwt.PyJWK:
    """The key that the token names, or the only one where it names none."""
    usable = [key for key in jwt.PyJWKSet.from_dict(dict(keys)).keys if _signs(key)]
    name = jwt.get_unverified_header(token).get("kid")
    found = [key for key in usable if name is None or key.key_id in (name, None)]
    if len(found) != 1:
        raise ValueError("no key of the provider's is named by the token")
    return found[0]


def _signs(key: jwt.PyJWK) -> bool:
    return key.public_key_use in (None, "sig") and key.key_type in {"RSA", "EC", "OKP"}

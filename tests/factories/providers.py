"""A real OpenID Connect provider (Authlib's) on loopback, and ways in which it may go wrong."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import flask
import oidc_provider_mock
from joserfc import jwt
from joserfc.jwk import RSAKey
from oidc_provider_mock._storage import storage
from werkzeug.serving import make_server

Claims = dict[str, Any]


@dataclass
class RealProvider:
    """A provider that runs. What it answers is changed by the fields below."""

    port: int
    people: dict[str, Claims] = field(default_factory=dict)
    discovery: Claims = field(default_factory=dict)
    """Overrides of what it says of itself."""
    tokens: Callable[[Claims], Claims] | None = None
    """Rewrites an ID token's claims before they are signed with the provider's own key."""
    told: Claims = field(default_factory=dict)
    """Overrides of what it tells of a person."""
    forged: bool = False
    """Signs ID tokens with a key that is not its own."""
    challenges: dict[str, str] = field(default_factory=dict)
    asked: list[Claims] = field(default_factory=list)
    """The parameters of each request to sign somebody in."""
    secrets: list[str] = field(default_factory=list)
    """The client secrets that came to the token endpoint."""

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"


@contextmanager
def provider() -> Iterator[RealProvider]:
    """A provider on a free port of this machine, until the block ends."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # http, on loopback
    app = oidc_provider_mock.app(require_nonce=True)
    server = make_server("localhost", 0, app, threaded=True)
    running = RealProvider(port=server.server_port)
    _bend(app, running)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def _bend(app: flask.Flask, running: RealProvider) -> None:
    _demand_pkce(app, running)
    _rewrite(app, running)


def _demand_pkce(app: flask.Flask, running: RealProvider) -> None:
    @app.before_request
    def demand_pkce() -> Any:
        if flask.request.path == "/oauth2/authorize" and flask.request.method == "POST":
            asked = flask.request.args.to_dict()
            running.asked.append(asked)
            if asked.get("code_challenge_method") != "S256":
                return "PKCE is asked for", 400
        if flask.request.path == "/oauth2/token":
            form = flask.request.form
            basic = flask.request.authorization
            running.secrets.append(str(form.get("client_secret") or (basic and basic.password)))
            if running.challenges.get(form["code"]) != _challenge(form.get("code_verifier", "")):
                return flask.jsonify({"error": "invalid_grant"}), 400
        return None


def _rewrite(app: flask.Flask, running: RealProvider) -> None:
    @app.after_request
    def answer(response: flask.Response) -> flask.Response:
        path = flask.request.path
        if path == "/oauth2/authorize" and response.status_code == 302:
            code = response.location.partition("code=")[2].partition("&")[0]
            running.challenges[code] = flask.request.args["code_challenge"]
        elif path == "/oauth2/authorize":
            # Its page asks for a style sheet of another host, which a test does not reach.
            response.data = re.sub(rb"<link[^>]*>", b"", response.data)
        elif path == "/.well-known/openid-configuration":
            response.data = flask.json.dumps({**response.get_json(), **running.discovery})
        elif path == "/userinfo":
            response.data = flask.json.dumps({**response.get_json(), **running.told})
        elif path == "/oauth2/token" and (running.tokens or running.forged):
            response.data = flask.json.dumps(_resigned(response.get_json(), running))
        return response


def _resigned(answer: Claims, running: RealProvider) -> Claims:
    own = RSAKey.import_key(storage.jwk.as_dict(is_private=True))
    told = jwt.decode(answer["id_token"], own)
    claims = running.tokens(dict(told.claims)) if running.tokens else dict(told.claims)
    key = RSAKey.generate_key(2048) if running.forged else own
    return {**answer, "id_token": jwt.encode(dict(told.header), claims, key)}


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")

"""Any OpenID Connect provider of the settings, held to more than allauth asks of one."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

from concours.platform.accounts.interfaces.oidc.tokens import proven_claims
from concours.platform.accounts.interfaces.oidc.trouble import trouble
from concours.platform.core.identity_config import speaks_safely

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Speaks to one provider within one request. `nonce` is the one sent when it began."""

    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself.

        Raises RequestException where it does not answer, OAuth2Error where it names another issuer
        (RFC 9207: answers of one provider would pass for another's) or unsafe addresses.
        """
        config: dict[str, Any] = super().openid_config
        if not isinstance(config, dict) or config.get("issuer") != self.issuer:
            raise OAuth2Error("the provider calls itself by another issuer")
        if not all(speaks_safely(str(config.get(name, ""))) for name in ENDPOINTS):
            raise OAuth2Error("the provider names an address that is not https")
        return config

    @property
    def issuer(self) -> str:
        return str(self.get_provider().app.settings["server_url"])

    def check_answering_issuer(self, named: str | None) -> None:
        """Raise OAuth2Error where the answer's `iss` (RFC 9207) is missing or another's."""
        promised = self.openid_config.get("authorization_response_iss_parameter_supported")
        if (named is not None or promised is True) and named != self.issuer:
            raise OAuth2Error("the answer is another provider's")

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """The person whom the ID token proves, with what the provider tells of them.

        Raises OAuth2Error for a token that proves nothing, and where the two are not of one person.
        """
        claims = proven_claims(
            str(kwargs["response"].get("id_token", "")),
            keys=self._fetch_keys(),
            issuer=self.issuer,
            client_id=app.client_id,
            nonce=self.nonce,
        )
        told = claims
        if self.openid_config.get("userinfo_endpoint"):
            told = self._fetch_user_info(token.token)
            if not isinstance(told, dict) or told.get("sub") != claims["sub"]:
                raise OAuth2Error("the provider told of another person")
        return self.get_provider().sociallogin_from_response(request, {"userinfo": told})

    def _fetch_keys(self) -> dict[str, Any]:
        from allauth.socialaccount.adapter import get_adapter

        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = answer.json()
        if not isinstance(keys, dict):
            raise OAuth2Error("the provider's keys are not a set of keys")
        return keys


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    oauth2_adapter_class = Adapter

    def redirect(
        self, request: HttpRequest, process: str, next_url: Any = None, data: Any = None, **_: Any
    ) -> HttpResponse:
        """A page that leads on to the provider, or one that says why it cannot.

        It is no redirect: browsers would hold it to our policy on where forms may lead.
        """
        if process == AuthProcess.CONNECT:
            raise_if_reauthentication_required(request, app="allauth.socialaccount")
        nonce = secrets.token_urlsafe(24)
        try:
            answer = super().redirect(
                request, process, next_url, data, auth_params={"nonce": nonce}, nonce=nonce
            )
        except (OAuth2Error, RequestException, ValueError) as error:
            return trouble(request, self, error)
        except ImmediateHttpResponse as stopped:
            return stopped.response  # type: ignore[no-any-return]
        if "Location" not in answer:
            return answer  # type: ignore[no-any-return]
        context = {"href": answer["Location"], "provider": self}
        return render(request, "accounts/oidc_leaving.html", context)

    def serialize(self) -> dict[str, Any]:
        """What the session keeps of it until the sign-up is done.

        allauth's names the client alone, and two providers may know us as the same client.
        """
        return {"id": self.app.provider_id, "app.client_id": self.app.client_id}

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing: what the provider tells is offered in the sign-up form and not kept."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """The address told; verified only where the settings trust this provider's word on it."""
        told = data["userinfo"]
        trusted = bool(self.app.settings.get("trust_verified_email"))
        verified = trusted and told.get("email_verified") is True
        email = told.get("email")
        if not isinstance(email, str) or not email:
            return []
        return [EmailAddress(email=email, verified=verified, primary=True)]


provider_classes = [Provider]

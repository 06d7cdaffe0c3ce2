"""The way to a provider and back."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.helpers import complete_social_login, render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from requests import RequestException

from concours.platform.accounts.interfaces.oidc.provider import Adapter
from concours.platform.accounts.interfaces.oidc.trouble import trouble


class CallbackView(OAuth2CallbackView):  # type: ignore[misc]
    adapter: Adapter

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, HttpResponse | None]:
        """allauth's, keeping the nonce that was sent."""
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = str((state or {}).get("nonce", ""))
        return state, response

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask the provider first; then sign in, join or begin an account in one transaction."""
        provider = self.adapter.get_provider()
        state, response = self._get_state(request, provider)
        if response is not None:
            return response
        if "code" not in request.GET or "error" in request.GET:
            cancelled = request.GET.get("error") == self.adapter.login_cancelled_error
            error = "cancelled" if cancelled else "unknown"
            answer: HttpResponse = render_authentication_error(request, provider, error=error)
            return answer
        try:
            login = self._proven_login(request, provider, state)
        except (OAuth2Error, RequestException, ValueError, KeyError) as error:
            return trouble(request, provider, error)
        with transaction.atomic():
            done: HttpResponse = complete_social_login(request, login)
        return done

    def _proven_login(self, request: HttpRequest, provider: Any, state: dict[str, Any]) -> Any:
        self.adapter.check_answering_issuer(request.GET.get("iss"))
        client = self.adapter.get_client(request, provider.app)
        given = self.adapter.get_access_token_data(
            request, provider.app, client, pkce_code_verifier=state.get("pkce_code_verifier")
        )
        token = self.adapter.parse_token(given)
        login = self.adapter.complete_login(request, provider.app, token, response=given)
        # The token has done its work. Left with the login it would lie in the session.
        login.state = state
        return login


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _through(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _through(CallbackView, request, provider_id)


def _through(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = view.adapter_view(Adapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except PermissionDenied as denied:
        raise Http404 from denied
    except ImmediateHttpResponse as stopped:
        return stopped.response  # type: ignore[no-any-return]
    return answer

"""A sign-in from a network and browser that the person has not used before."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest

from concours.platform.notifications.domain.places import note_place

_DIGITS = re.compile(r"[0-9.]+")


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest | None, user: Any, **_more: Any) -> None:
    if request is None or not getattr(user, "code", ""):
        return
    note_place(user=user, network=_network(request), browser=_browser(request))


def _network(request: HttpRequest) -> str:
    """The /24 or /48 that the request comes from: an address within it may change daily."""
    try:
        address = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    except (PermissionDenied, ValueError):
        # A sign-in does not fail for want of an address.
        return ""
    width = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{width}", strict=False))


def _browser(request: HttpRequest) -> str:
    """The browser without its version numbers, which change with each update."""
    return _DIGITS.sub("", request.headers.get("user-agent", ""))[:300]

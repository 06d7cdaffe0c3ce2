"""The guard of outgoing calls, on real sockets: where it goes, and how long it stays."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.core.outgoing import (
    AddressRefused,
    CallFailed,
    Policy,
    check,
    post,
)
from tests.factories.receivers import (
    babbles,
    certificate_for,
    drips_body,
    drips_headers,
    floods,
    misbehaving,
    receiver,
    silent,
)

LOOPBACK = Policy(loopback=True)
QUICK = Policy(loopback=True, connect_s=1.0, read_s=1.0, total_s=1.5)
PUBLIC = "93.184.215.14"


def answering(*answers: str) -> tuple[Callable[..., Any], list[str]]:
    """A resolver that gives each call the next answer, and the list of what it was asked."""
    asked: list[str] = []

    def resolve(host: str, port: int, **_more: Any) -> list[tuple[Any, ...]]:
        answer = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        family = socket.AF_INET6 if ":" in answer else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (answer, port))]

    return resolve, asked


def refused(url: str, policy: Policy | None = None) -> str:
    with pytest.raises(AddressRefused) as refusal:
        check(url, policy=policy or Policy())
    return refusal.value.code


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8",
        "198.18.0.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "::ffff:93.184.215.14", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2001::1", "2001:db8::1",
        "fec0::1", "100::1", "::127.0.0.1",
    ],
)  # fmt: skip
def test_no_address_off_the_public_internet_is_called(address: str) -> None:
    literal = f"[{address}]" if ":" in address else address
    resolver, _asked = answering(address)

    assert refused(f"https://{literal}/") == "not-public"
    assert refused("https://inside.example.org/", Policy(resolver=resolver)) == "not-public"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.org/", "scheme"),
        ("ftp://example.org/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://127.0.0.1:25/_", "scheme"),
        ("//example.org/", "scheme"),
        ("", "scheme"),
        ("https://", "bad-address"),
        ("https://user:secret@example.org/", "bad-address"),
        ("https://example.org@127.0.0.1/", "bad-address"),
        ("https://example.org/#x", "bad-address"),
        ("https://exa mple.org/", "bad-address"),
        ("https://example.org/\r\nHost: other", "bad-address"),
        ("https://example.org\\@127.0.0.1/", "bad-address"),
        ("https://例え.jp/", "bad-address"),
        ("https://example.org:99999/", "bad-address"),
        ("https://example.org:x/", "bad-address"),
        ("https://example.org/" + "a" * 2_000, "bad-address"),
        ("https://example.org:22/", "port"),
        ("https://example.org:25/", "port"),
        ("https://example.org:8080/", "port"),
    ],
)
def test_what_is_no_plain_address_is_refused(url: str, code: str) -> None:
    resolver, asked = answering(PUBLIC)
    assert refused(url, Policy(resolver=resolver)) == code
    assert asked == []


@pytest.mark.parametrize("host", ["0x7f000001", "2130706433", "0177.0.0.1", "127.1", "localhost"])
def test_odd_spellings_of_loopback_lead_nowhere(host: str) -> None:
    """The system's resolver reads some of them; what it answers is judged."""
    assert refused(f"https://{host}/") in {"not-public", "unknown-host"}


def test_one_private_answer_among_public_ones_is_enough() -> None:
    def resolver(host: str, port: int, **_more: Any) -> list[tuple[Any, ...]]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in (PUBLIC, "10.0.0.1")
        ]

    assert refused("https://mixed.example.org/", Policy(resolver=resolver)) == "not-public"


def test_a_name_that_is_pointed_elsewhere_in_between_leads_nobody_in() -> None:
    """The first answer is public, each later one is loopback: nothing reaches loopback."""
    resolver, asked = answering(PUBLIC, "127.0.0.1")
    with receiver() as inside:
        policy = Policy(
            resolver=resolver, ports=frozenset({inside.port}), connect_s=0.5, total_s=1.0
        )
        with pytest.raises(CallFailed):
            post(
                f"https://rebinding.example.org:{inside.port}/", body=b"", headers={}, policy=policy
            )

        assert asked == ["rebinding.example.org"]
        assert inside.calls == []


def test_a_resolver_that_hangs_is_given_up() -> None:
    def hangs(*_arguments: Any, **_more: Any) -> Any:
        time.sleep(3)
        return []

    started = time.monotonic()
    assert refused("https://slow.example.org/", Policy(resolver=hangs, connect_s=0.3)) == (
        "unknown-host"
    )
    assert time.monotonic() - started < 2


def test_what_is_sent_arrives_and_the_answer_comes_back() -> None:
    with receiver() as there:
        there.statuses = [202]
        answer = post(there.url + "?a=1", body=b"{}", headers={"x-one": "1"}, policy=LOOPBACK)

    assert (answer.status, answer.body) == (202, b"ok")
    [(headers, body)] = there.calls
    assert body == b"{}"
    assert headers["x-one"] == "1"
    assert headers["host"] == f"127.0.0.1:{there.port}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with receiver() as there, receiver() as beyond:
        there.statuses, there.headers = [status], {"location": beyond.url}
        answer = post(there.url, body=b"x", headers={}, policy=LOOPBACK)

    assert answer.status == status
    assert beyond.calls == []


@pytest.mark.parametrize("behave", [silent, drips_headers, drips_body])
def test_who_never_ends_costs_the_limit_and_no_more(behave: Callable[..., None]) -> None:
    with misbehaving(behave) as port:
        started = time.monotonic()
        with pytest.raises(CallFailed) as failure:
            post(f"http://127.0.0.1:{port}/", body=b"x", headers={}, policy=QUICK)

    assert failure.value.code == "timeout"
    assert time.monotonic() - started < 2.5


def test_a_receiver_that_drips_within_the_handshake_costs_the_limit(tmp_path: Path) -> None:
    with misbehaving(drips_headers) as port:
        policy = Policy(
            exempt=frozenset({f"127.0.0.1:{port}"}), connect_s=1.0, read_s=1.0, total_s=1.5
        )
        started = time.monotonic()
        with pytest.raises(CallFailed):
            post(f"https://127.0.0.1:{port}/", body=b"x", headers={}, policy=policy)

    assert time.monotonic() - started < 2.5


def test_of_a_flood_only_the_beginning_is_read() -> None:
    with misbehaving(floods) as port:
        answer = post(f"http://127.0.0.1:{port}/", body=b"x", headers={}, policy=LOOPBACK)

    assert len(answer.body) == LOOPBACK.most_bytes


def test_what_speaks_no_http_and_what_is_not_there() -> None:
    with misbehaving(babbles) as port, pytest.raises(CallFailed) as failure:
        post(f"http://127.0.0.1:{port}/", body=b"x", headers={}, policy=QUICK)
    assert failure.value.code == "not-http"
    with pytest.raises(CallFailed) as failure:
        post(f"http://127.0.0.1:{port}/", body=b"x", headers={}, policy=QUICK)
    assert failure.value.code == "unreachable"


def test_tls_is_checked_against_the_name_that_was_given(tmp_path: Path) -> None:
    certificate, key = certificate_for("hooks.example.org", tmp_path)
    resolver, _asked = answering("127.0.0.1")
    with receiver(certificate=(certificate, key)) as there:
        exempt = frozenset(f"{name}.example.org:{there.port}" for name in ("hooks", "other"))
        policy = Policy(exempt=exempt, resolver=resolver, ca_file=str(certificate), total_s=3.0)
        right = f"https://hooks.example.org:{there.port}/"

        assert post(right, body=b"x", headers={}, policy=policy).status == 200
        with pytest.raises(CallFailed) as wrong_name:
            post(right.replace("hooks", "other"), body=b"x", headers={}, policy=policy)
        with pytest.raises(CallFailed) as unknown_issuer:
            post(
                right,
                body=b"x",
                headers={},
                policy=Policy(exempt=exempt, resolver=resolver, total_s=3.0),
            )

    assert (wrong_name.value.code, unknown_issuer.value.code) == ("tls", "tls")
    assert len(there.calls) == 1


def test_loopback_is_for_rehearsals_alone() -> None:
    with receiver() as there:
        with pytest.raises(AddressRefused):
            post(there.url, body=b"", headers={}, policy=Policy())
        resolver, _asked = answering("127.0.0.1")
        with pytest.raises(AddressRefused):
            post(
                f"http://named.example.org:{there.port}/", body=b"", headers={},
                policy=Policy(loopback=True, resolver=resolver),
            )  # fmt: skip

    assert there.calls == []


@given(st.text(max_size=60))
def test_no_text_breaks_the_judge(text: str) -> None:
    """Whatever is given is refused, or has public addresses by the resolver given here."""
    resolver, _asked = answering(PUBLIC)
    for url in (text, f"https://{text}", f"https://{text}/"):
        try:
            target = check(url, policy=Policy(resolver=resolver))
        except AddressRefused:
            continue
        assert target.scheme == "https"
        assert target.port in {80, 443, 8443}
        assert target.addresses == (PUBLIC,)

"""Which git addresses are fetched: judged as text, and by where their host leads."""

import ipaddress
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.snapshots import Code, GitPolicy, SnapshotRefused, fetch_commit
from concours.snapshots.addresses import check_address, is_public


def resolving_to(*addresses: str) -> GitPolicy:
    def resolver(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(0, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return GitPolicy(resolver=resolver)


PUBLIC = resolving_to("140.82.121.4")


def code_of(url: str, policy: GitPolicy = PUBLIC) -> Code:
    with pytest.raises(SnapshotRefused) as caught:
        check_address(url, policy=policy)
    return caught.value.code


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/git/git",
        "https://github.com/git/git.git",
        "HTTPS://GitHub.com:443/git/git.git",
        "https://gitee.com/openharmony/docs.git",
        "https://git.sr.ht/~sircmpwn/scdoc",
        "https://xn--bcher-kva.example/a",
        "https://140.82.121.4/x",
        "https://[2606:4700::1111]/x",
    ],
)
def test_usual_addresses_are_accepted(url: str) -> None:
    target = check_address(url, policy=PUBLIC)
    assert target.scheme == "https"
    assert target.port == 443


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc", "ssh://git@example.org/x", "git://example.org/x", "http://example.org/x",
        "ext::sh -c id", "ftp://example.org/x", "git@example.org:x.git", "/etc/passwd", "x",
        "https::/x", "fd::17/x", "javascript:alert(1)", "gopher://example.org/", "",
    ],
)  # fmt: skip
def test_other_schemes_are_refused(url: str) -> None:
    assert code_of(url) in (Code.SCHEME_NOT_ALLOWED, Code.BAD_ADDRESS)


@pytest.mark.parametrize(
    "url",
    [
        "-https://example.org/x", "--upload-pack=id", " https://example.org/x",
        "https://user@example.org/x", "https://user:pw@example.org/x", "https://@example.org/x",
        "https://example.org@127.0.0.1/x", "https://example.org\\@127.0.0.1/x",
        "https://example.org/x?y", "https://example.org/x#y", "https://example.org./x",
        "https://example.org/x\n", "https://exam\tple.org/x", "https://example.org/a b",
        "https://ex\u0430mple.org/x", "https://example\u3002org/x", "https://\u2460.example.org/",
        "https://example%2eorg/x", "https://[::1", "https://[fe80::1%25eth0]/x", "https:///x",
        "https://example.org", "https://example.org:99999/x", "https://example.org:x/x",
        "https:example.org/x", "https:/example.org/x", "https://" + "a" * 64 + ".org/x",
        "https://example.org/" + "a" * 3000, "https://a..b/x", "https://-a.org/x",
        # One address in its many spellings.
        "https://2130706433/x", "https://0x7f000001/x", "https://0x7f.1/x", "https://127.1/x",
        "https://0177.0.0.1/x", "https://127.0.0.01/x", "https://0/x", "https://1.2.3.4.5/x",
        "https://127.0.0.1./x", "https://example.0x7f/x",
    ],
)  # fmt: skip
def test_tricks_are_refused_without_resolving(url: str) -> None:
    def never(*_: object, **__: object) -> list[tuple[object, ...]]:
        raise AssertionError("resolved")

    got = code_of(url, GitPolicy(resolver=never))
    assert got in (Code.BAD_ADDRESS, Code.SCHEME_NOT_ALLOWED)


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "a.localhost", "printer", "nas.local", "x.internal", "x.home.arpa",
     "127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]"],  # noqa: S104
)  # fmt: skip
def test_local_names_and_addresses_are_refused(host: str) -> None:
    assert code_of(f"https://{host}/x") is Code.HOST_NOT_ALLOWED


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1",  # noqa: S104
        "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255",
        "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
        "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.88.99.1",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:140.82.121.4", "::127.0.0.1", "fe80::1",
        "fe80::1%eth0", "fec0::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "2001::1",
        "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "3fff::1", "5f00::1",
    ],
)  # fmt: skip
def test_host_that_leads_inside_is_refused_even_among_public_ones(address: str) -> None:
    policy = resolving_to("140.82.121.4", address)
    assert code_of("https://example.org/x", policy) is Code.HOST_NOT_ALLOWED


@given(st.ip_addresses(v=4))
def test_public_is_never_wider_than_the_standard_library(address: ipaddress.IPv4Address) -> None:
    if is_public(address):
        assert address.is_global
        assert not address.is_private
        assert not address.is_multicast
    mapped = ipaddress.IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed)
    nat64 = ipaddress.IPv6Address(bytes.fromhex("0064ff9b" + "00" * 8) + address.packed)
    assert not is_public(mapped)
    assert not is_public(nat64)


def test_port_only_where_allowed() -> None:
    assert code_of("https://example.org:8443/x") is Code.PORT_NOT_ALLOWED
    assert code_of("https://example.org:22/x") is Code.PORT_NOT_ALLOWED
    forge = GitPolicy(
        allowed_hosts=frozenset({"forge.example:8443"}), resolver=resolving_to("10.0.0.7").resolver
    )
    assert check_address("https://forge.example:8443/x", policy=forge).addresses == ("10.0.0.7",)
    assert check_address("http://forge.example:8443/x", policy=forge).scheme == "http"
    assert code_of("https://forge.example/x", forge) is Code.HOST_NOT_ALLOWED
    assert code_of("https://sub.forge.example:8443/x", forge) is Code.PORT_NOT_ALLOWED
    assert code_of("file://forge.example:8443/x", forge) is Code.SCHEME_NOT_ALLOWED


def test_pin_holds_every_address() -> None:
    policy = resolving_to("140.82.121.4", "2606:4700::1111", "140.82.121.4")
    target = check_address("https://example.org/x", policy=policy)
    assert target.pin == "example.org:443:140.82.121.4,[2606:4700::1111]"


def test_unknown_host() -> None:
    def fails(*_: object, **__: object) -> list[tuple[object, ...]]:
        raise socket.gaierror

    assert code_of("https://example.org/x", GitPolicy(resolver=fails)) is Code.HOST_UNKNOWN
    assert code_of("https://example.org/x", resolving_to()) is Code.HOST_UNKNOWN


def test_refused_address_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(SnapshotRefused):
        fetch_commit(url="file:///etc", revision="main", into=tmp_path)
    assert list(tmp_path.iterdir()) == []


@given(st.text(max_size=60))
def test_any_text_is_judged_without_another_error(text: str) -> None:
    for url in (text, f"https://{text}", f"https://{text}/x", f"https://example.org/{text}"):
        try:
            target = check_address(url, policy=PUBLIC)
        except SnapshotRefused:
            continue
        assert target.url.startswith("https://")
        assert target.url.isascii()
        assert all(is_public(ipaddress.ip_address(one)) for one in target.addresses)

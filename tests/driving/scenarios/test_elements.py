"""XML in bounded time and memory: what is malformed, hostile or huge is refused with its line."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from concours.driving.scenarios import elements
from concours.driving.scenarios.elements import read_bytes, read_file
from concours.driving.scenarios.errors import BadScenario


def refused(data: bytes) -> BadScenario:
    with pytest.raises(BadScenario) as caught:
        read_bytes(data, name="x.xosc")
    return caught.value


def test_elements_know_their_lines() -> None:
    root = read_bytes(b"<a>\n<b/>\n\n<b c='1'/></a>", name="x")
    assert [(child.tag, child.line) for child in root.children] == [("b", 2), ("b", 4)]
    assert root.children[1].attributes == {"c": "1"}
    assert root.count() == 3


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + "<a n='é'/>".encode(),
        "<a n='é'/>".encode("utf-16"),
        b"<?xml version='1.0' encoding='iso-8859-1'?><a n='\xe9'/>",
        "<?xml version='1.0' encoding='utf-16'?><a n='é'/>".encode("utf-16"),
    ],
)
def test_byte_order_marks_and_encodings_are_understood(data: bytes) -> None:
    assert read_bytes(data, name="x").attributes == {"n": "é"}


def test_a_multi_byte_encoding_is_understood() -> None:
    data = "<?xml version='1.0' encoding='GBK'?>\n<a n='道路'/>".encode("gbk")
    assert read_bytes(data, name="x").attributes == {"n": "道路"}


def test_namespaces_are_dropped() -> None:
    data = b"<o:a xmlns:o='urn:x' xmlns='urn:y' o:skip='1' n='2'><o:b/></o:a>"
    root = read_bytes(data, name="x")
    assert (root.tag, root.attributes, root.children[0].tag) == ("a", {"n": "2"}, "b")


def test_malformed_text_is_refused_with_its_line() -> None:
    error = refused(b"<a>\n<b>\n</a>")
    assert error.code == "malformed"
    assert error.place.line == 3
    assert "x.xosc:3" in str(error)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"<a",
        b"\xff\xfe",
        b"<?xml version='1.0' encoding='no-such'?><a/>",
        b"<?xml version='1.0' encoding='utf-7'?><a/>",
        b"<a>&undeclared;</a>",
        b"<a>\x00</a>",
        b"<?xml version='1.0' encoding='GBK'?><a>" + b"\xff\xff</a>",
    ],
)
def test_what_is_no_document_is_refused(data: bytes) -> None:
    assert refused(data).code == "malformed"


def test_an_entity_bomb_is_refused_where_it_is_declared() -> None:
    bomb = b"""<?xml version="1.0"?>
<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>
<a n="&y;">&y;</a>"""
    error = refused(bomb)
    assert (error.code, error.place.line) == ("document-type", 2)


def test_an_external_entity_is_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("bait")
    text = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>'
    error = refused(text.encode())
    assert error.code == "document-type"
    assert "bait" not in str(error)


def test_deep_nesting_is_refused() -> None:
    assert refused(b"<a>" * 200 + b"</a>" * 200).code == "too-deep"
    assert read_bytes(b"<a>" * 100 + b"</a>" * 100, name="x").count() == 100


def test_elements_past_the_limit_are_refused_where_it_is_passed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(elements, "MAX_ELEMENTS", 10_000)
    error = refused(b"<a>" + b"<b/>\n" * 1_000_000 + b"</a>")
    assert error.code == "too-many-elements"
    assert error.place.line == 10_000


def test_a_file_larger_than_the_limit_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "MAX_BYTES", 10)
    assert refused(b"<a>12345678</a>").code == "too-large"


def test_a_folder_or_missing_file_is_said_as_such(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.xosc", tmp_path / "a\0b"):
        with pytest.raises(BadScenario) as caught:
            read_file(path)
        assert caught.value.code == "unreadable"

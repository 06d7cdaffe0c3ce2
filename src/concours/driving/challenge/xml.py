"""Elements of the files that are written here."""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

Node: TypeAlias = "etree._Element"
DIGITS = 9
"""Decimals of a number; further ones could differ from machine to machine."""


def add(parent: Node, tag: str, **attributes: str | float) -> Node:
    """A new last child."""
    return etree.SubElement(parent, tag, attributes_of(attributes))


def attributes_of(values: dict[str, str | float]) -> dict[str, str]:
    """Attributes as text."""
    return {name: v if isinstance(v, str) else number(v) for name, v in values.items()}


def number(value: float) -> str:
    """A number as short as it can be."""
    text = f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def document(root: Node) -> bytes:
    """The file, indented."""
    etree.indent(root, space="  ")
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return text + b"\n"

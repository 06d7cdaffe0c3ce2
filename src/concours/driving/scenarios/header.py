"""Who wrote the file, when, for which version of the standard."""

from __future__ import annotations

from concours.driving.scenarios.entities import Properties
from concours.driving.scenarios.nodes import Node, attribute, node, text


@node
class License(Node):
    """Under which licence."""

    name: str = ""
    resource: str | None = None
    spdx_id: str | None = None
    content: str = text()


@node
class FileHeader(Node):
    """The header; dates are kept as written, for many are no dates."""

    author: str = ""
    date: str = ""
    description: str = ""
    rev_major: int = attribute("revMajor", default=1)
    rev_minor: int = attribute("revMinor", default=0)
    license: License | None = None
    properties: Properties | None = None

"""What people write, as safe HTML."""

from __future__ import annotations

from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt

# Images are left out: they would let a text call on other hosts whenever it is read.
TAGS = {"a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p"} | {
    *("pre", "s", "strong", "table", "thead", "tbody", "tr", "th", "td", "ul")
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "code": {"class"}}
SCHEMES = {"http", "https", "mailto"}


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20})
    return parser.enable(["table", "strikethrough"]).disable("image")


# Kept, because the parser takes seconds for some 100,000 characters that somebody may choose.
@lru_cache(maxsize=128)
def render(text: str) -> str:
    """CommonMark with tables as HTML that holds no script, style, image or event handler.

    Raw HTML in `text` is shown as text. Links carry rel="nofollow ugc noopener".
    Headings are lowered by two levels, so that the page keeps its only h1.
    """
    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
        token.attrs.pop("style", None)
    html = parser.renderer.render(tokens, parser.options, {})
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="nofollow ugc noopener",
    )

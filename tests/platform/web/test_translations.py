"""Every word a reader sees goes through the catalogue, and the catalogue is complete."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted(
    path
    for path in (ROOT / "src/concours/platform").rglob("templates/**/*.html")
    if path.name != "style_guide.html" and "style_guide" not in path.parts
)

SAME_IN_ALL_LANGUAGES = {
    "Concours", "API", "SHA", "UTC", "CSV", "JSON", "XML", "OpenAPI", "ZIP", "URL", "HTML",
    "MulanPSL", "English", "zip", "tar", "git", "sha256sum", "SUMS", "curl", "concours", "Bearer",
    "Authorization", "https", "http", "example", "com", "简体中文",
}  # fmt: skip

COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)
TRANSLATED = re.compile(
    r"{%\s*(?:blocktranslate|blocktrans)\b.*?{%\s*end(?:blocktranslate|blocktrans)\s*%}", re.DOTALL
)
CODE = re.compile(r"<(script|style|svg|code|pre|kbd)\b.*?</\1>|<meta\b[^>]*>", re.DOTALL)
IN_BOTH = re.compile(r'<(span|p)\b[^>]*\blang="(?:en|zh-Hans)"[^>]*>.*?</\1>', re.DOTALL)
"""What stands in both languages at once, each marked as what it is."""
CLASS_BLOCK = re.compile(r"{%\s*block \w*class\s*%}.*?{%\s*endblock.*?%}")
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
ATTRIBUTE = re.compile(
    r"\b(?:title|alt|placeholder|aria-label|data-confirm|aria-description|content)=\"([^\"]*)\""
)
ELEMENT = re.compile(r"<[^>]*>", re.DOTALL)
WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]+")


def bare_words(template: str) -> list[str]:
    """Words in the text, or in attributes that are read, of a template's source."""
    template = CLASS_BLOCK.sub(" ", template)
    text = CODE.sub(" ", IN_BOTH.sub(" ", TRANSLATED.sub(" ", COMMENT.sub(" ", template))))
    # A tag inside an attribute may hold quotes and ">"; it goes before elements are cut out.
    text = TAG.sub(" ", text)
    read = [value for value in ATTRIBUTE.findall(text) if not value.startswith(("width=", "{"))]
    words = WORD.findall(ELEMENT.sub(" ", text)) + [
        word for value in read for word in WORD.findall(value)
    ]
    return [word for word in words if word not in SAME_IN_ALL_LANGUAGES]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_template_holds_words_outside_the_catalogue(path: Path) -> None:
    assert bare_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Hello there</p>",
        '<img alt="A picture">',
        "{% if x %}Yes indeed{% endif %}",
        '<button title="Press {{ x }}">{{ y }}</button>',
        "<p>你好</p>",
    ],
)
def test_the_search_finds_bare_words(template: str) -> None:
    assert bare_words(template)


@pytest.mark.parametrize(
    "template",
    [
        '<p>{% translate "Hello there" %}</p>',
        "{% blocktranslate with a=b %}Hello {{ a }}{% endblocktranslate %}",
        '<a class="button primary" href="{% url "web:home" %}">{{ x }}</a>',
        "{# a comment #}<code>concours demo</code>",
        '<span lang="en">Receipt</span> · <span lang="zh-Hans">收据</span>',
    ],
)
def test_the_search_leaves_translated_text_alone(template: str) -> None:
    assert bare_words(template) == []


def test_the_catalogue_is_complete_and_compiled() -> None:
    outcome = subprocess.run(
        [sys.executable, "scripts/messages.py", "check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr

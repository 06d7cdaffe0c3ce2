"""Whether a document that people look for is there, and says something."""

from __future__ import annotations

import re

from concours.criteria.checks.outcome import (
    Check,
    Outcome,
    Parameters,
    Said,
    Verdict,
    at_files,
    number,
    verdict,
)
from concours.criteria.repository import Document, Repository

_KINDS = {
    "readme": ("README", r"readme"),
    "contributing": ("CONTRIBUTING", r"contributing|contribute|hacking|贡献指南"),
    "code-of-conduct": ("CODE_OF_CONDUCT", r"code[-_ ]?of[-_ ]?conduct|行为准则"),
    "security": ("SECURITY", r"security(?:[-_]?policy)?|安全政策"),
    "governance": ("GOVERNANCE", r"governance|charter|治理"),
    "maintainers": ("MAINTAINERS", r"maintainers|owners|codeowners|committers"),
    "roadmap": ("ROADMAP", r"road[-_]?map|路线图"),
    "adopters": ("ADOPTERS", r"adopters|users|powered[-_]?by"),
    "releasing": ("RELEASING", r"releas(?:e|es|ing)(?:[-_]?(?:process|guide|policy))?"),
    "architecture": ("ARCHITECTURE", r"architecture|design|架构"),
    "notice": ("NOTICE", r"notice"),
    "install": ("INSTALL", r"install(?:ation|ing)?|getting[-_]?started|quick[-_]?start|tutorial"),
}
_LANGUAGE = r"(?P<language>[._-](?:zh|cn|zh[-_]?cn|zh[-_]?hans|en|en[-_]?us))?"
_PLACE = r"(?:(?P<folder>(?:docs?|documentation|community|governance|\.github|\.gitlab|\.gitee"
_PLACE += r"|docs?/(?:zh|zh[-_]cn|cn|en))/))?"
_INSTALLING = re.compile(
    r"^#+ [^\n]*(?:install|getting started|quick ?start|set ?up|usage|安装|快速开始|使用)",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST_EMPTY = 500
_HAN = re.compile(r"[\u4e00-\u9fff]")
_HAN_SHARE = 5
_EMPTY_LINE = re.compile(r"^\s*(?:[#=*~-]+\s*[^\n]{0,80}|!?\[.*?\]\(.*?\)|<.*?>|)\s*$")


def find(repository: Repository, kind: str) -> list[Document]:
    """The documents of a kind, in the root first."""
    pattern = re.compile(rf"{_PLACE}(?:{_KINDS[kind][1]}){_LANGUAGE}(?:\.\w+)?", re.IGNORECASE)
    found = [one for path, one in repository.documents.items() if pattern.fullmatch(path)]
    if kind == "install":
        # Most projects say it in a section of README.
        found += [one for one in find(repository, "readme") if _INSTALLING.search(one.text)]
    return sorted(found, key=lambda one: (one.path.count("/"), one.path))


def said_letters(document: Document) -> int:
    """How many letters stand in it outside headings, badges and empty lines."""
    lines = (
        line
        for line in document.text.splitlines()
        if len(line) > _LONGEST_EMPTY or not _EMPTY_LINE.match(line)
    )
    return sum(len("".join(line.split())) for line in lines)


def is_chinese(document: Document) -> bool:
    """Whether a fair part of its letters is Han."""
    letters = said_letters(document)
    return letters > 0 and 100 * len(_HAN.findall(document.text)) >= _HAN_SHARE * letters


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where a document of `kind` has `letters` letters, in `language` (en, zh or any)."""
    kind, language = str(parameters["kind"]), str(parameters["language"])
    if kind not in _KINDS or language not in {"any", "en", "zh"}:
        return Outcome(
            verdict=Verdict.CANNOT_TELL,
            said=Said(
                f"{kind} or {language} is not known.", f"未知的种类或语言：{kind}、{language}。"
            ),
        )
    name = _KINDS[kind][0]
    suffix = "" if language == "any" else f" ({language})"
    found = [
        one
        for one in find(repository, kind)
        if language == "any" or is_chinese(one) == (language == "zh")
    ]
    letters = max((said_letters(one) for one in found), default=0)
    least = number(parameters, "letters")
    if not found:
        said = Said(f"There is no {name}{suffix}.", f"没有 {name}{suffix}。")
    else:
        said = Said(
            f"{found[0].path} has {letters} letters of text.",
            f"{found[0].path} 有 {letters} 个字符的正文。",
        )
    return Outcome(
        verdict=verdict(met=bool(found) and letters >= least),
        said=said,
        mend=Said(
            f"Write {name}.md{suffix} with at least {least} letters of your own words.",
            f"编写 {name}.md{suffix}，正文至少 {least} 个字符。",
        ),
        facts={"letters": letters},
        places=at_files([one.path for one in found]),
    )


CHECK = Check(
    name="document",
    title=Said("Document", "文档"),
    parameters={"kind": "readme", "language": "any", "letters": 200},
    look=look,
)

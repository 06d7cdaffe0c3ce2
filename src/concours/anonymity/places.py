"""Files that are left out whole, by where they lie and how they are called."""

from __future__ import annotations

VERSION_CONTROL = "version-control"
PEOPLE = "people"
EDITOR = "editor"
PACKAGE_METADATA = "package-metadata"
_FOLDERS = {
    VERSION_CONTROL: {".git", ".hg", ".svn", ".bzr", "cvs", "_darcs", ".fossil", ".jj"},
    EDITOR: {".idea", ".vscode", ".vs", ".settings", "__macosx"},
}
_NAMES = {
    VERSION_CONTROL: {
        ".gitmodules",
        ".mailmap",
        ".hgsub",
        ".hgsubstate",
        ".gitreview",
        ".git-blame-ignore-revs",
        ".arcconfig",
    },
    PEOPLE: {
        "citation.cff",
        "citation.bib",
        "codemeta.json",
        ".zenodo.json",
        "funding.yml",
        "dependabot.yml",
        ".all-contributorsrc",
    },
    EDITOR: {".project", ".ds_store", ".netrc", ".npmrc", ".pypirc", "thumbs.db"},
    PACKAGE_METADATA: {"pkg-info"},
}
_STEMS = frozenset(
    "authors author contributors contributor maintainers maintainer credits codeowners owners "
    "thanks 作者 贡献者".split()
)
_PLAIN = frozenset({"", "md", "markdown", "txt", "rst", "adoc", "yml", "yaml", "toml", "org"})
_ENDINGS = {
    ".iml": EDITOR,
    ".code-workspace": EDITOR,
    ".suo": EDITOR,
    ".csproj.user": EDITOR,
    ".vcxproj.user": EDITOR,
    ".xcuserstate": EDITOR,
}
_LICENCES = frozenset({"license", "licence", "copying", "unlicense", "notice", "copyright"})
_OTHERS = frozenset(
    "vendor vendored third_party third-party thirdparty 3rdparty external extern node_modules "
    "site-packages deps submodules".split()
)
"""Folders of other people's work: their copyright lines stay, and say so."""


def left_out_for(path: str) -> str | None:
    """The rule for which the file is left out; None where it stays."""
    *folders, name = path.casefold().split("/")
    for rule, known in _FOLDERS.items():
        if known.intersection(folders) or (rule == VERSION_CONTROL and name in known):
            return rule
    if any(folder.endswith((".egg-info", ".dist-info")) for folder in folders):
        return PACKAGE_METADATA
    for rule, known in _NAMES.items():
        if name in known:
            return rule
    stem, _, ending = name.partition(".")
    if stem in _STEMS and ending in _PLAIN:
        return PEOPLE
    return next((rule for end, rule in _ENDINGS.items() if name.endswith(end)), None)


def is_own_licence(path: str) -> bool:
    """Whether the file is a licence of the work itself, not of what it takes from others."""
    *folders, name = path.casefold().split("/")
    stem = name.replace("-", ".").replace("_", ".").partition(".")[0]
    return stem in _LICENCES and not _OTHERS.intersection(folders)

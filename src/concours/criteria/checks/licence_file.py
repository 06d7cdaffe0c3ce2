"""Whether a licence file stands where it is looked for, and which licence it is."""

from __future__ import annotations

import re

from licenseclassifier import identify_license

from concours.criteria.checks.outcome import (
    Check,
    Outcome,
    Parameters,
    Said,
    Verdict,
    at_files,
    verdict,
)
from concours.criteria.repository import Document, Repository

MOST = 30
_NAMES = re.compile(r"(?:licen[sc]es?|copying|copyright)(?:[.-][\w.-]+)?", re.IGNORECASE)
_FOLDER = re.compile(r"licenses/[^/]+", re.IGNORECASE)


def licence_documents(repository: Repository) -> list[Document]:
    """Files of the root and of LICENSES/ that should hold a licence; the first MOST by path."""
    found = [
        document
        for path, document in sorted(repository.documents.items())
        if _NAMES.fullmatch(path) or _FOLDER.fullmatch(path)
    ]
    return found[:MOST]


def recognised(document: Document) -> list[str]:
    """The SPDX identifiers of the licences whose text this is; what is not sure is not named."""
    return licences_in(document.text)


def licences_in(text: str) -> list[str]:
    """The same of any text."""
    found = {match.id for match in identify_license(text)}
    return sorted(name for name in found if name)


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where a licence is recognised and, if `among` names any (SPDX ids), is one of these."""
    documents = licence_documents(repository)
    if not documents:
        return Outcome(
            verdict=Verdict.NOT_MET,
            said=Said("No licence file stands in the root.", "根目录中没有许可证文件。"),
            mend=Said(
                "Put the licence's unchanged text into a file LICENSE in the root.",
                "把许可证原文不加改动地放入根目录的 LICENSE 文件。",
            ),
        )
    found = {document.path: recognised(document) for document in documents}
    names = sorted({name for ones in found.values() for name in ones})
    if not names:
        paths = [document.path for document in documents]
        return Outcome(
            verdict=Verdict.CANNOT_TELL,
            said=Said(
                f"{paths[0]} holds no licence text that is known.",
                f"{paths[0]} 中没有可识别的许可证文本。",
            ),
            mend=Said(
                "Use the unchanged text of a licence of the SPDX list.",
                "请使用 SPDX 清单中许可证的原文，不加改动。",
            ),
            places=at_files(paths),
        )
    among = str(parameters["among"]).split()
    places = at_files([path for path, ones in found.items() if ones])
    listed = ", ".join(names)
    return Outcome(
        verdict=verdict(met=not among or any(name in among for name in names)),
        said=Said(f"The licence is {listed}.", f"许可证为 {listed}。"),
        mend=Said(
            f"One of these licences is asked for: {', '.join(among)}.",
            f"要求使用以下许可证之一：{'、'.join(among)}。",
        ),
        facts={"licences": listed},
        places=places,
    )


CHECK = Check(
    name="licence-file",
    title=Said("Licence file", "许可证文件"),
    parameters={"among": ""},
    look=look,
)

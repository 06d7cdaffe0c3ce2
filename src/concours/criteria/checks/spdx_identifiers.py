"""Whether the SPDX identifiers in files are valid, and their licences' texts are at hand."""

from __future__ import annotations

from functools import cache

from license_expression import ExpressionError, Licensing, get_spdx_licensing

from concours.criteria.checks.licence_file import licence_documents, recognised
from concours.criteria.checks.outcome import (
    Check,
    Outcome,
    Parameters,
    Said,
    Verdict,
    at_files,
    verdict,
)
from concours.criteria.repository import Repository


@cache
def _licensing() -> Licensing:
    return get_spdx_licensing()


@cache
def licences_of(expression: str) -> frozenset[str] | None:
    """The licences that an SPDX expression names; None for one that is not valid."""
    try:
        checked = _licensing().validate(expression, strict=True)
        if checked.errors:
            return None
        # A LicenseRef is a licence of the project's own and is on no list.
        return frozenset(_licensing().license_keys(expression, unique=True))
    except (ExpressionError, ValueError, TypeError):
        return None


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where every identifier is valid and names licences whose texts are in the clone."""
    named = {file.path: expression for file in repository.files for expression in file.licences}
    if not named:
        return Outcome(
            verdict=Verdict.CANNOT_TELL,
            said=Said("No file names an SPDX identifier.", "没有文件写有 SPDX 标识。"),
            mend=Said(
                "Write SPDX-License-Identifier lines into the files, as the REUSE specification "
                "does.",
                "按 REUSE 规范在文件中写入 SPDX-License-Identifier 行。",
            ),
        )
    texts = {name for document in licence_documents(repository) for name in recognised(document)}
    stems = {_stem(document.path) for document in licence_documents(repository)}
    broken = [path for path, one in named.items() if licences_of(one) is None]
    missing = sorted(
        {
            licence
            for one in named.values()
            for licence in licences_of(one) or ()
            if not _at_hand(licence, texts | stems)
        }
    )
    places = broken or [
        path for path, one in named.items() if set(licences_of(one) or ()) & set(missing)
    ]
    listed = ", ".join(missing)
    return Outcome(
        verdict=verdict(met=not broken and not missing),
        said=Said(
            f"{len(named)} files name a licence; {len(broken)} not in a valid way; texts are "
            f"missing for: {listed or 'none'}.",
            f"{len(named)} 个文件写明许可证；其中 {len(broken)} 个写法无效；缺少文本的许可证："
            f"{listed or '无'}。",
        ),
        mend=Said(
            "Correct the identifiers, and add each licence's text as LICENSES/<identifier>.txt.",
            "改正标识，并把各许可证文本放入 LICENSES/<标识>.txt。",
        ),
        facts={"files": len(named), "broken": len(broken), "missing": listed},
        places=at_files(places) if broken or missing else (),
    )


def _stem(path: str) -> str:
    """The identifier that a file of LICENSES/ is named after."""
    name = path.rpartition("/")[2]
    return name.removesuffix(".txt").removesuffix(".md")


def _at_hand(licence: str, texts: set[str]) -> bool:
    """GPL-2.0-only and GPL-2.0-or-later have one text, whose name has no ending."""
    plain = licence.removesuffix("-only").removesuffix("-or-later").removesuffix("+")
    return any(one in texts for one in (licence, plain, f"{plain}-only", f"{plain}-or-later"))


CHECK = Check(
    name="spdx-identifiers",
    title=Said("SPDX identifiers", "SPDX 标识"),
    parameters={},
    look=look,
)

"""Which share of the source files begins with a licence notice, in each language."""

from __future__ import annotations

from collections import Counter

from concours.criteria.checks.outcome import (
    Check,
    Outcome,
    Parameters,
    Said,
    Verdict,
    at_files,
    number,
    percent,
    verdict,
)
from concours.criteria.repository import Repository


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where `share` per cent of the project's own source files carry a notice."""
    sources = [file for file in repository.files if file.language]
    if not sources:
        return Outcome(
            verdict=Verdict.CANNOT_TELL,
            said=Said("No source file was recognised.", "没有识别到源代码文件。"),
        )
    if not repository.complete_scan:
        return Outcome(
            verdict=Verdict.CANNOT_TELL,
            said=Said(
                "There is more text than is read; not every header was seen.",
                "文本量超过读取上限，未能查看全部文件头。",
            ),
        )
    all_of = Counter(file.language for file in sources)
    with_notice = Counter(file.language for file in sources if file.header)
    share = percent(with_notice.total(), all_of.total())
    parts = [
        f"{language} {percent(with_notice[language], count)} %"
        for language, count in all_of.most_common()
    ]
    listed = ", ".join(parts)
    return Outcome(
        verdict=verdict(met=share >= number(parameters, "share")),
        said=Said(
            f"{share} % of {len(sources)} source files begin with a licence notice ({listed}).",
            f"{len(sources)} 个源文件中有 {share} % 以许可声明开头（{listed}）。",
        ),
        mend=Said(
            "Add an SPDX-License-Identifier line to the files named here; at least "
            f"{parameters['share']} % are asked for.",
            f"在所列文件开头加上 SPDX-License-Identifier 行；要求至少 {parameters['share']} %。",
        ),
        facts={"share": share, "files": len(sources), "with_notice": with_notice.total()},
        places=at_files([file.path for file in sources if not file.header]),
    )


CHECK = Check(
    name="licence-headers",
    title=Said("Licence headers", "许可证头"),
    parameters={"share": 90},
    look=look,
)

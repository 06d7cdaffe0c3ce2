"""Whether built programs or very large files are kept among the sources."""

from __future__ import annotations

from concours.criteria.checks.outcome import (
    Check,
    Outcome,
    Parameters,
    Said,
    at_files,
    number,
    verdict,
)
from concours.criteria.repository import Repository

MEBIBYTE = 2**20


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where no built code, and no file of more than `most_mb` MiB, is in the files of HEAD."""
    most = number(parameters, "most_mb") * MEBIBYTE
    programs = [file.path for file in repository.files if file.binary == "program"]
    large = [file.path for file in repository.files if file.size > most]
    return Outcome(
        verdict=verdict(met=not programs and not large),
        said=Said(
            f"{len(programs)} built programs and {len(large)} files of more than "
            f"{parameters['most_mb']} MiB.",
            f"有 {len(programs)} 个已构建的程序，{len(large)} 个超过 {parameters['most_mb']} MiB "
            "的文件。",
        ),
        mend=Said(
            "Take built code out and publish it with releases; keep large data elsewhere and "
            "name its digest.",
            "移除已构建的代码并随发布提供；大型数据另存并写明摘要。",
        ),
        facts={"programs": len(programs), "large": len(large)},
        places=at_files(sorted({*programs, *large})),
    )


CHECK = Check(
    name="no-binaries",
    title=Said("No built code", "不含二进制"),
    parameters={"most_mb": 10},
    look=look,
)

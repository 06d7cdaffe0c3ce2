"""Whether changes are built and tested by a machine: its configuration is in the clone."""

from __future__ import annotations

import re

from concours.criteria.checks.outcome import Check, Outcome, Parameters, Said, at_files, verdict
from concours.criteria.repository import Repository

_CONFIGURATIONS = re.compile(
    r"\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.travis\.yml|azure-pipelines\.yml"
    r"|\.circleci/config\.yml|Jenkinsfile|\.drone\.yml|\.cirrus\.yml|appveyor\.yml"
    r"|\.buildkite/[^/]+\.ya?ml|\.workflow/[^/]+\.ya?ml|\.gitee/pipelines/[^/]+\.ya?ml"
    r"|\.prow\.ya?ml|\.woodpecker(?:/[^/]+)?\.ya?ml|\.forgejo/workflows/[^/]+\.ya?ml"
    r"|\.gitcode/workflows/[^/]+\.ya?ml"
)


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where a configuration that is not empty stands where a known service looks for it."""
    found = [
        file.path for file in repository.files if file.size and _CONFIGURATIONS.fullmatch(file.path)
    ]
    return Outcome(
        verdict=verdict(met=bool(found)),
        said=Said(
            f"{len(found)} configurations of continuous integration.",
            f"有 {len(found)} 个持续集成配置。",
        ),
        mend=Said(
            "Let the forge build and test each change, and commit its configuration.",
            "让代码平台构建并测试每次变更，并提交其配置。",
        ),
        facts={"configurations": len(found)},
        places=at_files(found),
    )


CHECK = Check(
    name="continuous-integration",
    title=Said("Continuous integration", "持续集成"),
    parameters={},
    look=look,
)

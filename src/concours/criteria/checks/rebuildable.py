"""Whether the clone says how to build it, and pins what it builds from."""

from __future__ import annotations

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

# What builds, and the files any of which pins what it builds from; none where there is no custom.
_BUILDS: dict[str, tuple[str, ...]] = {
    "BUILD.bazel": ("MODULE.bazel.lock", "MODULE.bazel", "WORKSPACE"),
    "BUILD.gn": (),
    "CMakeLists.txt": (),
    "Cargo.toml": ("Cargo.lock",),
    "Makefile": (),
    "build.gradle": (),
    "build.gradle.kts": (),
    "composer.json": ("composer.lock",),
    "configure.ac": (),
    "go.mod": ("go.sum", "vendor/modules.txt"),
    "hvigorfile.ts": ("oh-package-lock.json5",),
    "meson.build": (),
    "mix.exs": ("mix.lock",),
    "package.json": ("package-lock.json", "yarn.lock", "pnpm-lock.yaml", "npm-shrinkwrap.json"),
    "pom.xml": (),
    "pubspec.yaml": ("pubspec.lock",),
    "pyproject.toml": ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "requirements.txt"),
    "setup.py": ("requirements.txt", "uv.lock"),
    "xmake.lua": (),
}


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where a build file stands in the root and its lock file, if it has one by custom.

    That it says so is all that is seen: nothing is built.
    """
    paths = {file.path for file in repository.files}
    builds = [name for name in _BUILDS if name in paths]
    if not builds:
        return Outcome(
            verdict=Verdict.NOT_MET,
            said=Said("No build file stands in the root.", "根目录中没有构建文件。"),
            mend=Said(
                "Add the build file of a tool that is widely at hand, and say in README how to "
                "build.",
                "加入常用工具的构建文件，并在 README 中写明构建方法。",
            ),
        )
    loose = [name for name in builds if _BUILDS[name] and not paths.intersection(_BUILDS[name])]
    listed, missing = ", ".join(builds), ", ".join(loose)
    return Outcome(
        verdict=verdict(met=not loose),
        said=Said(
            f"Built by {listed}" + (f"; without a lock file: {missing}." if loose else "."),
            f"构建文件：{listed}" + (f"；缺少锁文件：{missing}。" if loose else "。"),
        ),
        mend=Said(
            "Commit the lock file of the package manager, so that anyone builds from the same.",
            "提交包管理器的锁文件，使任何人都用相同依赖构建。",
        ),
        facts={"builds": listed, "without_lock": missing},
        places=at_files(loose or builds),
    )


CHECK = Check(
    name="rebuildable",
    title=Said("Build declared and pinned", "构建方法与依赖锁定"),
    parameters={},
    look=look,
)

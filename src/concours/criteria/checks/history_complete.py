"""Whether the history shows how the code came about, or begins with a finished product."""

from __future__ import annotations

from concours.criteria.checks.outcome import (
    Check,
    Outcome,
    Parameters,
    Said,
    Verdict,
    at_commits,
    number,
    percent,
    verdict,
)
from concours.criteria.repository import Repository


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where at most `imported_share` per cent of the files stood in a commit without parents.

    A first commit of fewer than `least_files` files is a beginning, whatever its share.
    """
    commits = len(repository.commits)
    if repository.imported is None:
        return Outcome(
            verdict=Verdict.CANNOT_TELL,
            said=Said(
                "The history has more beginnings than are looked at.",
                "历史的起点数量超过检查上限。",
            ),
            facts={"commits": commits},
        )
    files = len(repository.files)
    share = percent(repository.imported, files)
    small = repository.imported < number(parameters, "least_files")
    roots = [commit.id for commit in repository.commits if not commit.parents]
    return Outcome(
        verdict=verdict(met=small or share <= number(parameters, "imported_share")),
        said=Said(
            f"{commits} commits; {share} % of {files} files came in with a first commit.",
            f"共 {commits} 次提交；{files} 个文件中 {share} % 由首次提交带入。",
        ),
        mend=Said(
            "Publish the history that the code had before it was imported (merge the "
            "old repository), or explain in a file where it is kept.",
            "公开导入之前的代码历史（如合并旧仓库），或写明其保存之处。",
        ),
        facts={"commits": commits, "imported_share": share, "imported": repository.imported},
        places=at_commits(roots),
    )


CHECK = Check(
    name="history-complete",
    title=Said("Complete history", "完整历史"),
    parameters={"imported_share": 50, "least_files": 20},
    look=look,
)

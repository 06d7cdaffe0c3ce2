"""A stranger's git clone, read without running anything of it. A library that needs no Django."""

from concours.clones.errors import CloneRefused, Code
from concours.clones.facts import Commit, Limits, Tag, Trust
from concours.clones.gitprocess import Git, Objects, corrupt
from concours.clones.history import printable, read_commits, read_tags, short_name
from concours.clones.opening import name_of, opened
from concours.clones.references import References
from concours.clones.releases import is_release

__all__ = [
    "CloneRefused",
    "Code",
    "Commit",
    "Git",
    "Limits",
    "Objects",
    "References",
    "Tag",
    "Trust",
    "corrupt",
    "is_release",
    "name_of",
    "opened",
    "printable",
    "read_commits",
    "read_tags",
    "short_name",
]

"""Sentences for refusals of strangers' software, by the code that the snapshot library gives."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "unknown_format": _(
        "This is no archive that can be read here; pack as zip, tar, tar.gz, tar.bz2 or tar.xz."
    ),
    "empty": _("There is no file inside; pack the project's files."),
    "truncated": _("The archive ends too early; pack and upload it again, whole."),
    "corrupt": _("The archive or repository is damaged; pack it again, or run git fsck."),
    "trailing_data": _("Something follows the end of the archive; pack it again."),
    "archive_too_large": _("The archive is too large; leave out data sets and built files."),
    "unpacked_too_large": _("The content is too large; leave out data sets and built files."),
    "ratio_too_high": _("The archive unpacks to far more than its size; leave out such files."),
    "too_many_files": _("There are too many files; leave out dependencies and built files."),
    "too_slow": _("The archive takes too long to read; pack it in a simpler way."),
    "needs_too_much_memory": _("Unpacking needs too much memory; pack with a smaller window."),
    "overlapping_members": _("Files of the archive overlap; pack it again with a common tool."),
    "unsafe_path": _("A path leads out of the archive or cannot be stored; pack with plain paths."),
    "path_too_long": _("A path is too long or too deep; shorten it."),
    "name_not_utf8": _("A file name is not UTF-8; rename the file."),
    "duplicate": _("Two files have the same name (letter case aside); rename one."),
    "repository_inside": _("There is a .git folder inside; pack without it, or submit by git."),
    "link_leaves": _("A symbolic link points out of the archive; leave it out."),
    "hard_link": _("The archive holds a hard link; pack the file itself."),
    "special_file": _("The archive holds a device, pipe or socket; leave it out."),
    "sparse_file": _("The archive holds a sparse file; pack it as a plain one."),
    "encrypted": _("The archive is encrypted; pack it without a password."),
    "unsupported_method": _("The archive uses a compression that is not read here; use deflate."),
    "inconsistent": _("The archive contradicts itself; pack it again with a common tool."),
    "header_too_large": _("A header of the archive is too large; pack without extra attributes."),
    "bad_address": _("This is no address of a repository; give one that starts with https://."),
    "scheme_not_allowed": _("Only repositories at https:// addresses are fetched."),
    "host_not_allowed": _("Repositories at this host are not fetched; use a public one."),
    "port_not_allowed": _("Repositories at this port are not fetched; leave the port out."),
    "host_unknown": _("There is no such host; look for a slip in the address."),
    "bad_revision": _("This is no revision; give a branch, a tag or a full commit id."),
    "revision_not_found": _("The repository has no such revision; push it, or look for a slip."),
    "redirected": _("The server sends on to another address; give that address itself."),
    "private_repository": _("The repository is not public, or not there; look for a slip."),
    "fetch_failed": _("The repository could not be fetched; see that it can be cloned publicly."),
}


def explain(code: str, otherwise: str) -> str | Promise:
    """The sentence for `code` in the reader's language, or `otherwise`."""
    return SENTENCES.get(code, otherwise)

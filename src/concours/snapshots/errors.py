"""The refusals of this library: a code for programs, a sentence that names the mend for people."""

from enum import StrEnum


class Code(StrEnum):
    """Why software was refused. The values are stable: translations are keyed by them."""

    # the archive as a whole
    UNKNOWN_FORMAT = "unknown_format"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    CORRUPT = "corrupt"
    TRAILING_DATA = "trailing_data"
    ARCHIVE_TOO_LARGE = "archive_too_large"
    # what it unpacks to
    UNPACKED_TOO_LARGE = "unpacked_too_large"
    RATIO_TOO_HIGH = "ratio_too_high"
    TOO_MANY_FILES = "too_many_files"
    TOO_SLOW = "too_slow"
    NEEDS_TOO_MUCH_MEMORY = "needs_too_much_memory"
    OVERLAPPING_MEMBERS = "overlapping_members"
    # one member
    UNSAFE_PATH = "unsafe_path"
    PATH_TOO_LONG = "path_too_long"
    NAME_NOT_UTF8 = "name_not_utf8"
    DUPLICATE = "duplicate"
    REPOSITORY_INSIDE = "repository_inside"
    LINK_LEAVES = "link_leaves"
    HARD_LINK = "hard_link"
    SPECIAL_FILE = "special_file"
    SPARSE_FILE = "sparse_file"
    ENCRYPTED = "encrypted"
    UNSUPPORTED_METHOD = "unsupported_method"
    INCONSISTENT = "inconsistent"
    HEADER_TOO_LARGE = "header_too_large"
    NO_SUCH_MEMBER = "no_such_member"
    # a git address
    BAD_ADDRESS = "bad_address"
    SCHEME_NOT_ALLOWED = "scheme_not_allowed"
    HOST_NOT_ALLOWED = "host_not_allowed"
    PORT_NOT_ALLOWED = "port_not_allowed"
    HOST_UNKNOWN = "host_unknown"
    BAD_REVISION = "bad_revision"
    REVISION_NOT_FOUND = "revision_not_found"
    REDIRECTED = "redirected"
    PRIVATE_REPOSITORY = "private_repository"
    FETCH_FAILED = "fetch_failed"


class SnapshotRefused(Exception):
    """Software that cannot become a snapshot.

    `code` is stable; `message` is a plain English sentence that names the mend; `member` is the
    offending path in printable form, if one member is at fault; `detail` is for logs only: it may
    quote what a stranger's server said (printable ASCII, at most 500 characters).
    """

    def __init__(
        self, code: Code, message: str, member: str | None = None, *, detail: str = ""
    ) -> None:
        super().__init__(f"{code}: {message}" + (f" ({member})" if member else ""))
        self.code = code
        self.message = message
        self.member = member
        self.detail = printable(detail)[-500:]


def printable(text: str) -> str:
    """`text` with everything but printable ASCII replaced by `?`, safe for a log line."""
    return "".join(c if " " <= c <= "~" else "?" for c in text)

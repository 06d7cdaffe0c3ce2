"""Uploads bounded while they stream: bytes past the limit are never written anywhere."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from concours.platform.core.errors import Refused

REFUSED = "concours.upload_too_large"
FORM_ALLOWANCE = 64 * 1024
"""Bytes of a request that are form rather than file: boundaries, headers, other fields."""


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Files go to temporary files, MAX_UPLOAD_BYTES of one request at most.

    A request that declares more is stopped at its first file; one that declares less and sends
    more is stopped at the byte. The view finds no file then and calls `the_upload`.
    """

    received = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        self.declared = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.declared > settings.MAX_UPLOAD_BYTES + FORM_ALLOWANCE:
            self._stop()
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > settings.MAX_UPLOAD_BYTES:
            self.upload_interrupted()
            self._stop()
        super().receive_data_chunk(raw_data, start)

    def _stop(self) -> None:
        if self.request is not None:
            self.request.META[REFUSED] = True
        # A reader who sends a little too much gets the page that says so; the rest of a flood
        # is not even read.
        flood = self.declared > 4 * (settings.MAX_UPLOAD_BYTES + FORM_ALLOWANCE)
        raise StopUpload(connection_reset=flood)


def too_large() -> Refused:
    return Refused(
        "archive_too_large",
        _("The archive is larger than %(limit)s; leave out data sets and built files.")
        % {"limit": filesizeformat(settings.MAX_UPLOAD_BYTES)},
    )


def the_upload(request: HttpRequest, name: str = "archive") -> TemporaryUploadedFile:
    """The uploaded file of that field. Raises Refused where there is none or it was too large."""
    upload = request.FILES.get(name)
    if request.META.get(REFUSED):
        raise too_large()
    if not isinstance(upload, TemporaryUploadedFile):
        raise Refused("no-file", _("Choose the archive to upload."))
    return upload

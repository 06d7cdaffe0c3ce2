"""Files that people hand in, into the store."""

from __future__ import annotations

import logging
from contextlib import suppress

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from concours.platform.core.errors import Refused
from concours.platform.core.ids import new_code

logger = logging.getLogger(__name__)


def store(file: File[bytes], *, folder: str) -> str:
    """The name under which the file is kept, below `folder`; nobody can guess it.

    Raises Refused where the disk does not take it; then nothing of it stays.
    """
    code = new_code(20)
    name = f"{folder}/{code[:2]}/{code}"
    try:
        return default_storage.save(name, file)
    except OSError as error:
        logger.exception("a file below %s could not be stored", folder)
        with suppress(OSError):
            default_storage.delete(name)
        raise Refused(
            "not-stored",
            _("The file could not be stored just now. Try again, or tell the organisers."),
        ) from error

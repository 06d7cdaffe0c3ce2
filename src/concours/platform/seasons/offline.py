"""The platform's code without its database, for what is computed from files alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_database() -> Iterator[None]:
    """Within the block the platform's code can be imported. No database is there to be asked.

    Where the platform is awake already it stays as it is. The signing key that the settings ask
    for is made in a folder that is gone afterwards.
    """
    from django.apps import apps
    from django.conf import settings

    if apps.ready:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="concours-") as folder:
        os.environ.pop("CONCOURS_CONFIG", None)
        os.environ["CONCOURS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "concours.platform.settings"
        settings.DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}}
        import django

        django.setup()
        yield

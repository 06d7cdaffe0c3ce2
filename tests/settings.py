"""The platform's settings for the test suite: SQLite by default, PostgreSQL where asked for."""

import os
import tempfile
from pathlib import Path

_DATA = tempfile.mkdtemp(prefix="concours-tests-")
os.environ["CONCOURS_DATA"] = _DATA
os.environ.pop("CONCOURS_CONFIG", None)

from concours.platform.core.config import PREPARED  # noqa: E402
from concours.platform.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
GIT_ALLOWED_HOSTS: tuple[str, ...] = ()
MEDIA_ROOT = Path(_DATA) / "files"
ACCOUNT_RATE_LIMITS = False
# Static files are looked for when asked for: each test's client would list them all anew.
WHITENOISE_AUTOREFRESH = True

if os.environ.get("CONCOURS_TEST_DATABASE") == "postgresql":
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "concours",
            "USER": os.environ.get("CONCOURS_TEST_PGUSER", "concours"),
            "HOST": os.environ["CONCOURS_TEST_PGHOST"],
            "PORT": os.environ.get("CONCOURS_TEST_PGPORT", "5432"),
            "OPTIONS": dict(PREPARED),
        }
    }
else:
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_DATA) / "test.sqlite3")}

"""Settings of a worker process that a test starts: the test's own database and folders."""

import os
from pathlib import Path

from tests.settings import *  # noqa: F403

DATABASES["default"]["NAME"] = os.environ["CONCOURS_TEST_NAME"]  # noqa: F405
MEDIA_ROOT = Path(os.environ["CONCOURS_TEST_FILES"])
EVALUATIONS_DIR = Path(os.environ["CONCOURS_TEST_EVALUATIONS"])

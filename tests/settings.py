"""The settings under test: the project's own, from an environment that nothing leaks into."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

SCRATCH = (
    Path(tempfile.gettempdir())
    / f"portal-tests-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}-{os.getpid()}"
)

atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
os.environ.update(
    DEBUG="0",
    DATA_DIR=str(SCRATCH),
    SECRET_KEY="a key for tests only, long enough to please every check of its length 0123456789",
    VAULT_KEYS="dGhlIHZhdWx0IGtleSBvZiB0aGUgdGVzdHMsIDMyIGI=",
    BASE_URL="http://127.0.0.1:8000",
    ALLOWED_HOSTS="127.0.0.1,localhost,testserver",
    INTACCT_SENDER_ID="strongbox",
    INTACCT_SENDER_PASSWORD="sandbox-sender-1",
    INTACCT_SANDBOX="1",
    INTACCT_ENDPOINT="http://127.0.0.1:9/ia/xml/xmlgw.phtml",
    EMAIL_URL="memorymail://",
    # The tests of it switch it on.
    STAFF_TWO_FACTOR="0",
)
for name in ("DATABASE_URL", "CELERY_BROKER_URL", "STORAGE_URL", "SECRET_KEY_FALLBACKS"):
    os.environ.pop(name, None)

from portal.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
# A file, because threads and other processes do not see a database in memory.
DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}  # noqa: F405
# Nothing is collected here, but the folder has to be there.
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
# A test's rows need not outlive a power cut.
DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"  # noqa: F405

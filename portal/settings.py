"""The one settings file, read from the environment. `.env.example` lists every name with its default."""

from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal.environment import Environment

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
DEBUG = env.bool("DEBUG", default=False)


def secret(name: str, *, while_debugging: str) -> str:
    """The secret called `name`; in DEBUG alone there is a stand-in, because a known key protects nothing."""
    value: str = env.str(name, default="")
    if value:
        return value
    if DEBUG:
        return while_debugging
    raise ImproperlyConfigured(
        f"{name} is not set. Set it in the environment, or {name}_FILE to a file that holds it."
    )


PRODUCT_NAME = env.str("PRODUCT_NAME", default="Strongbox")
SECRET_KEY = secret("SECRET_KEY", while_debugging="only-for-debugging-" + "x" * 40)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
VAULT_KEYS = secret("VAULT_KEYS", while_debugging="b25seS1mb3ItZGVidWdnaW5nLTMyLWJ5dGVzLWxvbmc=").split(",")
CREDENTIAL_HOURS = env.int("CREDENTIAL_HOURS", default=72)

BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if DEBUG else [])
if urlsplit(BASE_URL).scheme not in ("http", "https") or not urlsplit(BASE_URL).hostname:
    raise ImproperlyConfigured("BASE_URL must be an address such as https://portal.example.com.")
SERVED_OVER_HTTPS = urlsplit(BASE_URL).scheme == "https"
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# The gateway
# ---------------------------------------------------------------------------------------------------------

INTACCT_ENDPOINT = env.str("INTACCT_ENDPOINT", default="https://api.intacct.com/ia/xml/xmlgw.phtml")
INTACCT_SENDER_ID = env.str("INTACCT_SENDER_ID", default="")
INTACCT_SENDER_PASSWORD = env.str("INTACCT_SENDER_PASSWORD", default="")
INTACCT_SANDBOX = env.bool("INTACCT_SANDBOX", default=False)

# Django -----------------------------------------------------------------------------------------------------
# ---------

INSTALLED_APPS = [
    "portal",
    "collections_app",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.product",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Data -------------------------------------------------------------------------------------------------------
# ---------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'strongbox.sqlite3'}")}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Without these three, concurrent writers meet "database is locked" at once.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)

STORAGE_URL = env.str("STORAGE_URL", default=str(DATA_DIR / "reports"))
if "://" in STORAGE_URL.removeprefix("file://"):
    raise ImproperlyConfigured("STORAGE_URL must be a folder: this version keeps reports in a folder only.")
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Reports are for the borrower and the lender alone; no address of the site leads to this folder.
        "OPTIONS": {
            "location": STORAGE_URL.removeprefix("file://"),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]

# Work -------------------------------------------------------------------------------------------------------
# ---------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="")
# How long a worker may be silent before another may take its run over; the heartbeat comes at a third of it.
RUN_LEASE_SECONDS = env.int("RUN_LEASE_SECONDS", default=30)
# How often the clock looks for runs that stand still.
RUN_RECOVERY_SECONDS = env.int("RUN_RECOVERY_SECONDS", default=10)

# Mail -------------------------------------------------------------------------------------------------------
# ---------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Strongbox <no-reply@localhost>")
EMAIL_URL = env.email_url(
    "EMAIL_URL", default=f"filemail://{DATA_DIR / 'mail'}" if DEBUG else "smtp://localhost:25"
)
if "EMAIL_FILE_PATH" in EMAIL_URL:
    # The parser drops the slash that makes filemail:///var/mail an absolute path.
    EMAIL_URL["EMAIL_FILE_PATH"] = str(Path("/", EMAIL_URL["EMAIL_FILE_PATH"]))
vars().update(EMAIL_URL)
EMAIL_TIMEOUT = 10

# Language and time
# ---------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
if TIME_ZONE not in available_timezones():
    raise ImproperlyConfigured("TIME_ZONE must be a name such as America/Toronto.")
USE_TZ = True

# People and sessions
# -------------------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "admin:login"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "__Host-session" if SERVED_OVER_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SERVED_OVER_HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED_OVER_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.errors.stale_form"

# Headers ----------------------------------------------------------------------------------------------------
# ---------

SECURE_SSL_REDIRECT = SERVED_OVER_HTTPS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SERVED_OVER_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SERVED_OVER_HTTPS
# Browsers send `Origin: null` under `no-referrer`, and Django then refuses every form.
SECURE_REFERRER_POLICY = "strict-origin"
X_FRAME_OPTIONS = "DENY"
# The categories page posts a field for each account without a category, and a chart may have thousands.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Logs -------------------------------------------------------------------------------------------------------
# ---------

DEFAULT_EXCEPTION_REPORTER_FILTER = "portal.error_reports.HideSecrets"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "portal.logging.RedactSecrets"}},
    "formatters": {
        "line": {
            "()": "portal.logging.RedactingFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["redact"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "propagate": False},
        # Doorbells ring every few seconds; what a ring did is logged by the service that did it.
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}

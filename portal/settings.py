"""The one settings file, read from the environment. `.env.example` lists every name with its default."""

from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal import error_hook
from portal.environment import Environment
from portal.storage import storage_at

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
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured(
        "SECRET_KEY must be 32 or more random characters: whoever guesses it signs in."
    )
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
VAULT_KEYS = secret("VAULT_KEYS", while_debugging="b25seS1mb3ItZGVidWdnaW5nLTMyLWJ5dGVzLWxvbmc=").split(",")
# What signs decisions and exports; where none is set the vault's keys stand for it.
SIGNING_KEYS = [key.strip() for key in env.str("SIGNING_KEYS", default="").split(",") if key.strip()]
CREDENTIAL_HOURS = env.int("CREDENTIAL_HOURS", default=72)
# Whether the clock erases what was collected once the lender's days of retention have passed.
ERASE_AFTER_RETENTION = env.bool("ERASE_AFTER_RETENTION", default=True)

BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if DEBUG else [])
if urlsplit(BASE_URL).scheme not in ("http", "https") or not urlsplit(BASE_URL).hostname:
    raise ImproperlyConfigured("BASE_URL must be an address such as https://portal.example.com.")
SERVED_OVER_HTTPS = urlsplit(BASE_URL).scheme == "https"
if DEBUG and SERVED_OVER_HTTPS:
    raise ImproperlyConfigured(
        "DEBUG must be off where BASE_URL is https: it shows strangers what is inside."
    )
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
    "portal.desk.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_otp",
    "axes",
]
MIDDLEWARE = [
    "portal.polling.PollMiddleware",
    "portal.tracing.TraceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.staff_sessions.StaffSessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "portal.middleware.NullCharacterMiddleware",
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
                "portal.context.languages",
            ],
            "builtins": ["portal.templatetags.portal_forms"],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Data -------------------------------------------------------------------------------------------------------
# ---------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'strongbox.sqlite3'}")}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # A query that is asked again and again is planned once: planning takes longer than most answers. None is
    # compiled: for the desk's list that takes seconds and saves nothing.
    asked = {"server_side_binding": True, "prepare_threshold": 5, "options": "-c jit=off"}
    DATABASES["default"]["OPTIONS"] = asked | DATABASES["default"].get("OPTIONS", {})
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Without these three, concurrent writers meet "database is locked" at once.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
    }

STORAGE_URL = env.str("STORAGE_URL", default=str(DATA_DIR / "reports"))
STORAGES = {
    "default": storage_at(STORAGE_URL),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]

# Work -------------------------------------------------------------------------------------------------------
# ---------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="")
if CELERY_BROKER_URL and not CELERY_BROKER_URL.startswith(("redis://", "rediss://", "redis+socket://")):
    raise ImproperlyConfigured("CELERY_BROKER_URL must begin with redis:// or rediss://, or be empty.")
# How long a worker may be silent before another may take its run over; the heartbeat comes at a third of it.
RUN_LEASE_SECONDS = env.int("RUN_LEASE_SECONDS", default=30)
# How often the clock looks for runs that stand still.
RUN_RECOVERY_SECONDS = env.int("RUN_RECOVERY_SECONDS", default=10)
# How much a worker leaves the processor to others, from 1 (hardly) to 19: somebody waits for a page, and
# nobody for a unit.
WORKER_NICENESS = env.int("WORKER_NICENESS", default=10)
if WORKER_NICENESS > 19:
    raise ImproperlyConfigured("WORKER_NICENESS must be a whole number from 1 to 19.")

# Uploads ----------------------------------------------------------------------------------------------------
# ---------

# Nothing of an upload gets a name in the file system before it was looked through, scanned and encrypted.
FILE_UPLOAD_HANDLERS = ["portal.upload_handler.NamelessFileHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# The virus scanner, clamd: tcp://HOST:PORT or unix:///PATH. Without one nothing is scanned.
CLAMAV_URL = env.str("CLAMAV_URL", default="")

# For how many days it is kept what webhooks told lenders' systems.
WEBHOOK_LOG_DAYS = max(1, env.int("WEBHOOK_LOG_DAYS", default=90))
# Hosts of lenders' systems inside our own network that webhooks may be sent to, also by http.
WEBHOOK_PRIVATE_HOSTS = [host.lower() for host in env.list("WEBHOOK_PRIVATE_HOSTS", default=[])]

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
# Who is told when a collection stops for something that only an operator can mend.
OPERATOR_EMAIL = env.list("OPERATOR_EMAIL", default=[])

# Language and time
# ---------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
# The catalogue of the templates, too; that of collections_app is beside its code.
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
LANGUAGE_COOKIE_NAME = "__Host-language" if SERVED_OVER_HTTPS else "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = SERVED_OVER_HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
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
    {"NAME": "collections_app.password_rules.KnownPasswords"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "collections_app.password_rules.ContextWords"},
]
# Whether a new password is compared with those of haveibeenpwned.com, beyond the common ones.
BREACHED_PASSWORDS = env.bool("BREACHED_PASSWORDS", default=False)
if BREACHED_PASSWORDS and not find_spec("pwned_passwords_django"):
    raise ImproperlyConfigured(
        "BREACHED_PASSWORDS is on and the package pwned-passwords-django is not installed. Install it with "
        "the extra “breached” of this project, or switch BREACHED_PASSWORDS off."
    )
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "admin:login"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
# Staff and operators sign in with a password and the code of an app.
STAFF_TWO_FACTOR = env.bool("STAFF_TWO_FACTOR", default=not DEBUG)
# A member of staff who does nothing is signed out, and so is one who never stops.
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
STAFF_HOURS = env.int("STAFF_HOURS", default=12)
SESSION_COOKIE_AGE = 12 * 3600
# For how many days sign-ins are kept with address and browser.
SIGN_IN_LOG_DAYS = max(1, env.int("SIGN_IN_LOG_DAYS", default=365))
# A borrower who does nothing is signed out, and so is one who never stops.
BORROWER_IDLE_MINUTES = env.int("BORROWER_IDLE_MINUTES", default=30)
BORROWER_HOURS = env.int("BORROWER_HOURS", default=12)
if BORROWER_IDLE_MINUTES < 10:
    raise ImproperlyConfigured("BORROWER_IDLE_MINUTES must be 10 or more: a warning comes 5 minutes before.")
# Guessing: five wrong passwords for one name from one address, then half an hour of waiting.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_CLIENT_IP_CALLABLE = "portal.access.callers_address"
AXES_USERNAME_CALLABLE = "portal.staff_sessions.name_that_signs_in"
AXES_LOCKOUT_CALLABLE = "portal.staff_sessions.locked_out"
# Its own pages in the admin would ask Django's permissions, which staff may have; ours are for operators.
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SESSION_COOKIE_NAME = "__Host-session" if SERVED_OVER_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SERVED_OVER_HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED_OVER_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.errors.stale_form"

# Who sends it may read /metrics; without one there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# Headers ----------------------------------------------------------------------------------------------------
# ---------

SECURE_SSL_REDIRECT = SERVED_OVER_HTTPS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# A program that calls the API in the open is refused, see `portal.api`: led on, nobody would notice it.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$", r"^api/"]
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
        "object-src": [NONE],
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
# An error service that speaks Sentry's protocol is told where something failed, and no text of it.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    error_hook.begin(SENTRY_DSN)
LOG_FORMAT = env.str("LOG_FORMAT", default="line")
if LOG_FORMAT not in ("line", "json"):
    raise ImproperlyConfigured("LOG_FORMAT must be line or json.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "portal.logging.RedactSecrets"}},
    "formatters": {
        "line": {
            "()": "portal.logging.RedactingFormatter",
            "format": "{asctime} {levelname} {name} [{trace}]: {message}",
            "style": "{",
        },
        "json": {"()": "portal.logging.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["redact"]}
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "propagate": False},
        # Doorbells ring every few seconds; what a ring did is logged by the service that did it.
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        # Its rows are in the database; the lines tell of a failure and of a lock.
        "axes": {"level": "WARNING"},
        # Its lines have the whole address, and that of a password's look-up is a piece of its hash.
        "httpx": {"level": "WARNING"},
        # A line for each page of a PDF.
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}

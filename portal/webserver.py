"""gunicorn's configuration: `gunicorn --config python:portal.webserver portal.wsgi`.

Every line it writes goes through the same redaction as the application's, because the address of a secure
link is a secret. The access log holds neither query string nor referrer.
"""

import gc
import os
from typing import Any

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


def logs() -> dict[str, Any]:
    """The application's logging, with gunicorn's two loggers in it."""
    logging: dict[str, Any] = dict(settings.LOGGING)
    to_console = {"handlers": ["console"], "level": "INFO", "propagate": False}
    own = dict.fromkeys(("gunicorn.error", "gunicorn.access"), to_console)
    return logging | {"loggers": logging["loggers"] | own}


def post_worker_init(worker: Any) -> None:
    """What a process has loaded before its first page stays to its end: Python need not look through it for
    garbage, which held up a page by a tenth of a second now and then.
    """
    from django.urls import get_resolver

    # The pages' modules, which the first page would load.
    len(get_resolver().url_patterns)
    gc.collect()
    gc.freeze()


worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 30
graceful_timeout = 8
keepalive = 5
# A precaution against leaks that nobody knows of; starting a process anew takes a second.
max_requests = 50_000
max_requests_jitter = 5_000
accesslog = "-"
access_log_format = '%(h)s "%(m)s %(U)s" %(s)s %(B)s bytes %(M)s ms'
logconfig_dict = logs()
# Nobody controls it but its supervisor, by signals.
control_socket_disable = True

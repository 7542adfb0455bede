"""Telling an error service that speaks Sentry's protocol that something failed: what kind, and where.

No text travels. An exception's message, a variable or an address may hold what a borrower shared or a link's
token, and the service is somebody else's machine. The log has the text, under the id that is sent along.
"""

import logging
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from collections_app import tracing

# What an event may hold; what a newer library adds to it is left out until somebody has looked at it.
KEPT = ("event_id", "timestamp", "level", "logger", "platform", "release", "environment", "sdk")
OF_AN_EXCEPTION = ("type", "module")
OF_A_FRAME = ("filename", "module", "function", "lineno", "in_app")


def begin(dsn: str) -> None:
    """Sends every logged error from now on, from this process and those it forks.

    Release and environment are the library's own variables, SENTRY_RELEASE and SENTRY_ENVIRONMENT. Raises
    ImproperlyConfigured when the library is missing or the address is none.
    """
    try:
        import sentry_sdk
        from sentry_sdk.integrations.atexit import AtexitIntegration
        from sentry_sdk.integrations.logging import LoggingIntegration
        from sentry_sdk.utils import BadDsn
    except ImportError:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set and the package sentry-sdk is not installed. Install it with the extra "
            "“sentry” of this project, or unset SENTRY_DSN."
        ) from None
    # Whatever fails is logged as an error, in a page, a task or a command: one hook is enough.
    hooks = [LoggingIntegration(level=None, event_level=logging.ERROR), AtexitIntegration(lambda *_: None)]
    try:
        sentry_sdk.init(
            dsn=dsn,
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=hooks,
            before_send=told,
            max_breadcrumbs=0,
            include_local_variables=False,
            include_source_context=False,
            send_default_pii=False,
            max_request_body_size="never",
            auto_session_tracking=False,
            send_client_reports=False,
            server_name="",
        )
    except BadDsn:
        raise ImproperlyConfigured(
            "SENTRY_DSN is not the address of a project: it looks like https://KEY@HOST/NUMBER."
        ) from None


def told(event: Any, hint: Any = MappingProxyType({})) -> Any:
    """What is sent of an event: where in the code, and the id under which the log has the rest."""
    sent = {name: event[name] for name in KEPT if name in event}
    sent["tags"] = {"trace": tracing.current() or "-"}
    record = hint.get("log_record")
    if record is not None:
        place = f"{record.module}.{record.funcName}:{record.lineno}"
        sent["logentry"] = {"message": f"{record.name}: {place}"}
        sent["fingerprint"] = ["{{ default }}", place]
    failed = event.get("exception", {}).get("values", [])
    if failed:
        sent["exception"] = {"values": [_exception(each) for each in failed]}
    return sent


def _exception(failed: dict[str, Any]) -> dict[str, Any]:
    sent = {name: failed[name] for name in OF_AN_EXCEPTION if name in failed}
    frames = failed.get("stacktrace", {}).get("frames", [])
    sent["stacktrace"] = {
        "frames": [{name: frame[name] for name in OF_A_FRAME if name in frame} for frame in frames]
    }
    return sent

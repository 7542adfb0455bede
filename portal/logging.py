"""No secret in a log line, whoever writes it and in whatever part of it."""

import json
import logging
import re
from datetime import UTC, datetime

from collections_app import tracing

# Link tokens by their own pattern; secrets by the name of the element, the setting or the field that holds
# them, and by their place in an address.
TOKEN = re.compile(r"(clk|sul|whs|sbk)_[0-9A-Za-z]+")
ELEMENT = re.compile(r"(<(password|sessionid)\b[^>]*>).*?(</\2>)", re.IGNORECASE | re.DOTALL)
NAME = r"(?:password|sessionid|secret_key|vault_keys|metrics_token)\\*[\"']?\s*[=:]\s*[\[(]?\\*"
# To the end of the quotation, or of the word: a password may hold any punctuation.
VALUE = r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|\S+"
FIELD = re.compile(rf"({NAME})(?:{VALUE})", re.IGNORECASE)
ADDRESS = re.compile(r"(://[^\s/:@]*:)[^\s/]+(@)")
RESET_LINK = re.compile(r"(/reset/[^/\s]+/)[^/\s]+")


def redact(text: str) -> str:
    """The text without link tokens, passwords, session ids, keys and password-reset tokens."""
    text = TOKEN.sub(r"\1_***", text)
    text = ELEMENT.sub(r"\1***\3", text)
    text = FIELD.sub(r"\1***", text)
    text = ADDRESS.sub(r"\1***\2", text)
    return RESET_LINK.sub(r"\1***", text)


class RedactSecrets(logging.Filter):
    """Redacts the message before any handler formats it."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except Exception:
            # Arguments that do not fit their text, in whatever library: no reason to fail a request.
            message = str(record.msg)
        record.msg = redact(message)
        record.args = None
        record.trace = tracing.current() or "-"
        return True


class RedactingFormatter(logging.Formatter):
    """Redacts the finished line once more, because a traceback is added while formatting."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line; every text in it is redacted before it is written as JSON."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "trace": getattr(record, "trace", "-"),
            "message": redact(record.getMessage()),
        }
        if record.exc_info:
            told["exception"] = redact(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)

"""No secret in a log line, whoever writes it and in whatever part of it."""

import logging
import re

# Link tokens by their own pattern; secrets by the name of the element, the setting or the field that holds
# them.
TOKEN = re.compile(r"clk_[0-9A-Za-z]+")
ELEMENT = re.compile(r"(<(password|sessionid)\b[^>]*>).*?(</\2>)", re.IGNORECASE | re.DOTALL)
FIELD = re.compile(
    r"((?:password|sessionid|secret_key|vault_keys)[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,)}]+", re.IGNORECASE
)
RESET_LINK = re.compile(r"(/reset/[^/\s]+/)[^/\s]+")


def redact(text: str) -> str:
    """The text without link tokens, passwords, session ids, keys and password-reset tokens."""
    text = TOKEN.sub("clk_***", text)
    text = ELEMENT.sub(r"\1***\3", text)
    text = FIELD.sub(r"\1***", text)
    return RESET_LINK.sub(r"\1***", text)


class RedactSecrets(logging.Filter):
    """Redacts the message before any handler formats it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = None
        return True


class RedactingFormatter(logging.Formatter):
    """Redacts the finished line once more, because a traceback is added while formatting."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))

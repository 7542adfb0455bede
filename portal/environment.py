"""Reading the environment: a value that cannot be right stops the start, and its variable is named."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

YES, NO = {"1", "on", "true", "yes"}, {"0", "off", "false", "no"}


class Given(FileAwareMapping):  # type: ignore[misc]  # environ brings no types
    """What the environment gives. NAME= with nothing behind it is as if NAME were not there, and a value from
    a file ends before the line break with which editors and `echo` end files.
    """

    def __getitem__(self, key: str) -> str:
        value: str = super().__getitem__(key).rstrip("\r\n")
        if not value:
            raise KeyError(key)
        return value


class Environment(environ.FileAwareEnv):  # type: ignore[misc]  # environ brings no types
    """The environment through typed readers. NAME_FILE may name a file that holds the value of NAME.

    Every reader raises ImproperlyConfigured with one sentence about the variable.
    """

    ENVIRON = Given()

    def bool(self, name: str, default: bool) -> bool:
        text = self.str(name, default="on" if default else "off").strip().lower()
        if text not in YES | NO:
            raise ImproperlyConfigured(f"{name} must be on or off.")
        return text in YES

    def int(self, name: str, default: int) -> int:
        """A whole number from 1 on: all of ours are spans of time."""
        text = self.str(name, default=str(default)).strip()
        if not text.isdecimal() or not int(text):
            raise ImproperlyConfigured(f"{name} must be a whole number, and more than 0.")
        return int(text)

    def db(self, name: str, default: str) -> dict[str, Any]:
        scheme = self.str(name, default=default).partition("://")[0]
        if scheme not in ("sqlite", "postgres", "postgresql"):
            raise ImproperlyConfigured(f"{name} must begin with sqlite:/// or postgres://.")
        address: dict[str, Any] = super().db(name, default=default)
        return address

    def email_url(self, name: str, default: str) -> dict[str, Any]:
        try:
            address: dict[str, Any] = super().email_url(name, default=default)
        except ImproperlyConfigured:
            raise ImproperlyConfigured(
                f"{name} must be an address such as smtp+tls://user:password@host:587."
            ) from None
        return address

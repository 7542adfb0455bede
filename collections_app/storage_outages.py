"""Tells a storage of files that is away for a while from one that needs somebody to look after it."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import (  # type: ignore[import-untyped]  # botocore brings no types
    ClientError,
    HTTPClientError,
    IncompleteReadError,
)
from botocore.exceptions import (
    ConnectionError as BucketUnreachable,
)
from s3transfer.exceptions import (  # type: ignore[import-untyped]  # nor does s3transfer
    RetriesExceededError,
)

if TYPE_CHECKING:
    from django.core.files.base import File

# Waiting does not help against these: somebody must make room, give a right, or find what is gone.
LASTING = (FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError, PermissionError)
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
# What a bucket's service says with a status below 500 and takes back by itself.
# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
PASSING_CODES = {"RequestTimeout", "SlowDown", "Throttling", "ThrottlingException", "OperationAborted"}
TOO_MANY_REQUESTS = 429
SERVERS_FAULT = 500


class StorageAway(OSError):
    """The storage of files does not answer at the moment. The message is the name of the failure alone."""


@contextmanager
def storage_asked() -> Iterator[None]:
    """Around whatever asks the storage. Raises StorageAway for an outage, and everything else as it came."""
    try:
        yield
    except Exception as error:
        if not _passes(error):
            raise
        raise StorageAway(type(error).__name__) from error


def _passes(error: Exception) -> bool:
    """Whether the same may well succeed later without anybody doing anything."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = error.response.get("Error", {}).get("Code")
        return status >= SERVERS_FAULT or status == TOO_MANY_REQUESTS or code in PASSING_CODES
    if isinstance(error, BucketUnreachable | HTTPClientError | IncompleteReadError | RetriesExceededError):
        return True
    return isinstance(error, OSError) and not isinstance(error, LASTING) and error.errno not in NO_ROOM


class StoredContent:
    """A stored file that is read; raises StorageAway where the storage falls silent in the middle."""

    def __init__(self, content: "File[bytes]") -> None:
        self._content = content

    def read(self, size: int, /) -> bytes:
        with storage_asked():
            content: bytes = self._content.read(size)
        return content

    def close(self) -> None:
        self._content.close()

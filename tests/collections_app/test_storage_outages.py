"""Which failures of the storage pass by themselves."""

import errno

import pytest
from botocore.exceptions import (  # type: ignore[import-untyped]  # botocore brings no types
    ClientError,
    ReadTimeoutError,
)

from collections_app.storage_outages import StorageAway, storage_asked


def refused(status: int, code: str) -> ClientError:
    reply = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(reply, "PutObject")


@pytest.mark.parametrize(
    "failure",
    [
        OSError(errno.EIO, "a network drive"),
        OSError(errno.ESTALE, "a network drive"),
        ConnectionResetError(),
        TimeoutError(),
        ReadTimeoutError(endpoint_url="http://127.0.0.1"),
        refused(503, "SlowDown"),
        refused(500, "InternalError"),
        refused(429, "TooManyRequests"),
        refused(400, "RequestTimeout"),
    ],
    ids=repr,
)
def test_an_outage_is_called_one_by_the_name_of_the_failure(failure: Exception) -> None:
    with pytest.raises(StorageAway, match=f"^{type(failure).__name__}$"), storage_asked():
        raise failure


@pytest.mark.parametrize(
    "failure",
    [
        OSError(errno.ENOSPC, "no room"),
        OSError(errno.EDQUOT, "no room"),
        OSError(errno.EFBIG, "no room"),
        OSError(errno.EROFS, "nobody may write"),
        FileNotFoundError(),
        PermissionError(),
        refused(403, "AccessDenied"),
        refused(404, "NoSuchBucket"),
        ZeroDivisionError(),
        AttributeError("a mistake of ours"),
    ],
    ids=repr,
)
def test_what_somebody_must_mend_stays_what_it_is(failure: Exception) -> None:
    with pytest.raises(type(failure)) as raised, storage_asked():
        raise failure
    assert raised.value is failure

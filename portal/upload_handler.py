"""Where an upload waits while it is looked at: on the disk, without a name, never in memory."""

from __future__ import annotations

import tempfile
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from collections_app.uploads.limits import MOST_BYTES

# A browser that is cut off shows an error of its own; up to here the rest is read so that ours can be shown.
MOST_BYTES_OF_A_REQUEST = 10 * MOST_BYTES


class NamelessFileHandler(FileUploadHandler):
    """Takes each file up to one byte more than the limit, which is enough to see that it is too large.

    A file without a name is gone with the process that holds it, however that ends.
    """

    file: BinaryIO
    _size: int

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: Any, boundary: Any, encoding: str | None = None
    ) -> None:
        self._is_endless = content_length > MOST_BYTES_OF_A_REQUEST

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        # Closed with the request.
        self.file = cast(BinaryIO, tempfile.TemporaryFile(dir=settings.DATA_DIR))  # noqa: SIM115
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._is_endless:
            raise StopUpload(connection_reset=True)
        room = MOST_BYTES + 1 - self._size
        if room > 0:
            self.file.write(raw_data[:room])
            self._size += min(len(raw_data), room)

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        self.file.seek(0)
        return UploadedFile(
            file=self.file,
            name=self.file_name,
            content_type=self.content_type,
            size=self._size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()

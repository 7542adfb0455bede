"""Pictures made by hand, so that no file of one has to be kept."""

import struct
import zlib

Color = tuple[int, int, int]


def png(width: int, height: int, color: Color) -> bytes:
    """A PNG in one color with a lighter band."""
    band = tuple((part + 2 * 255) // 3 for part in color)
    rows = []
    for row in range(height):
        shown = band if height // 3 < row < height // 2 else color
        rows.append(b"\x00" + bytes(shown) * width)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + checksum

"""Files to upload: sound ones of every kind, and those that an attacker would try."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping

# Kept in two halves, so that no scanner takes this file for what it tests with.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
CSV = "Date,Amount\n2026-03-31,\u20ac 1\n".encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)

CONTENT_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/main.xml" ContentType="application/vnd.%s"/></Types>'
)


def png(width: int = 1, height: int = 1) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 4))
        + _chunk(b"IEND")
    )


def _chunk(kind: bytes, content: bytes = b"") -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def archive(members: Mapping[str, bytes]) -> bytes:
    """The same bytes whenever it is made."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def workbook(more: Mapping[str, bytes] | None = None, *, declared: bytes = b"sheet.main+xml") -> bytes:
    parts = {"[Content_Types].xml": CONTENT_TYPES % declared, "xl/workbook.xml": b"<workbook/>"}
    return archive(parts | dict(more or {}))


def document(more: Mapping[str, bytes] | None = None) -> bytes:
    parts = {"[Content_Types].xml": CONTENT_TYPES % b"document.main+xml", "word/document.xml": b"<w/>"}
    return archive(parts | dict(more or {}))


def link_archive() -> bytes:
    """An archive whose one entry is a symbolic link."""
    target = io.BytesIO()
    entry = zipfile.ZipInfo("statement.pdf")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr(entry, "/etc/passwd")
    return target.getvalue()


def encrypted_archive() -> bytes:
    """An archive whose entry says of itself that a password protects it, in both of its places."""
    content = bytearray(archive({"statement.pdf": PDF}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flags] |= 1
    return bytes(content)


def bomb() -> bytes:
    """A quarter of a gigabyte that is small on the wire."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for number in range(13):
            packed.writestr(f"zeros-{number}.csv", b"0" * 20 * 1024 * 1024)
    return target.getvalue()


def lying_bomb() -> bytes:
    """The same, and its directory says that there is next to nothing in it."""
    content = bytearray(archive({"zeros.csv": b"0" * 1024 * 1024}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        begins = content.index(mark) + place
        content[begins : begins + 4] = struct.pack("<I", 10)
    return bytes(content)


def overlapping_archive() -> bytes:
    """Two entries that are the same bytes."""
    content = bytearray(archive({"a.pdf": PDF, "b.pdf": PDF}))
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = struct.pack("<I", 0)
    return bytes(content)


SOUND = {
    "tax return.pdf": PDF,
    "receivables.csv": CSV,
    "from a Windows computer.csv": "Größe;1\r\n".encode("cp1252"),
    "unicode.csv": "Größe\t1\r\n".encode("utf-16"),
    "photo.png": png(),
    "photo.JPG": JPEG + b"what a telephone adds",
    "plan.jpeg": JPEG,
    "accounts.xlsx": workbook({"xl/printerSettings/printerSettings1.bin": b"\x01\x02"}),
    "letter.docx": document({"word/embeddings/sheet1.xlsx": workbook()}),
    "all of it.zip": archive(
        {
            "2025/tax return.pdf": PDF,
            "2025/accounts.xlsx": workbook(),
            "__MACOSX/2025/._tax return.pdf": b"\0",
        }
    ),
    "Steuererklärung 2025 – ✓.pdf": PDF + b"\n",
}

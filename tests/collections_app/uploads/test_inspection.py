"""What may be uploaded: the right kinds pass, and every trick is refused in one plain sentence."""

import io
from typing import Any

import pytest

from collections_app.uploads import limits
from collections_app.uploads.inspection import inspect
from collections_app.uploads.names import free_name
from collections_app.uploads.refusal import UploadRefused
from collections_app.uploads.rules import EVERYTHING, UploadRules, rules_of
from tests import uploaded_files as files

PDF, archive = files.PDF, files.archive
NESTED = archive({"inner.zip": archive({"a.pdf": PDF})})

# What is uploaded, under which name, and a part of the sentence that refuses it.
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "nothing in it": ("tax return.pdf", b"", "is empty"),
    "a program": ("tax return.exe", b"MZ" + bytes(200), "not of a kind"),
    "no ending": ("tax return", PDF, "not of a kind"),
    "two endings": ("tax return.pdf.exe", PDF, "not of a kind"),
    "a web page": ("page.html", b"<script>alert(1)</script>", "not of a kind"),
    "a program under another name": ("tax return.pdf", b"MZ" + bytes(200), "not what its name says"),
    "a cut PDF": ("tax return.pdf", PDF[:30], "damaged"),
    "a PDF with an archive behind it": ("tax return.pdf", PDF + archive({"a.exe": b"MZ"}), "two kinds"),
    "a picture with an archive behind it": ("photo.jpg", files.JPEG + archive({"a.exe": b"MZ"}), "two kinds"),
    "a picture that is a PDF too": ("photo.jpg", files.JPEG + PDF, "two kinds"),
    "a picture with something behind its end": ("photo.png", files.png() + b"MZ", "damaged"),
    "a picture of too many pixels": ("photo.png", files.png(60_000, 60_000), "too many pixels"),
    "bytes in a text": ("list.csv", b"a,b\n\x00\x01", "damaged"),
    "a PDF called a text": ("list.csv", PDF, "damaged"),
    "an archive called a text": ("list.csv", archive({"a.pdf": PDF}), "damaged"),
    "an archive called a workbook": ("accounts.xlsx", archive({"a.pdf": PDF}), "not what its name says"),
    "a workbook called a document": ("letter.docx", files.workbook(), "not what its name says"),
    "an older workbook": ("accounts.xls", files.OLE, "Save it as .xlsx"),
    "an older document": ("letter.doc", files.OLE, "Save it as .docx"),
    "a workbook for macros": ("accounts.xlsm", files.workbook(), "Save it as .xlsx"),
    "an older workbook under the new name": ("accounts.xlsx", files.OLE, "protected by a password, or"),
    "a workbook with macros": ("a.xlsx", files.workbook({"xl/vbaProject.bin": files.OLE}), "has macros"),
    "a workbook with old macros": (
        "a.xlsx",
        files.workbook({"xl/macrosheets/sheet1.xml": b"<x/>"}),
        "macros",
    ),
    "a workbook that declares macros": (
        "accounts.xlsx",
        files.workbook(declared=b"ms-excel.sheet.macroEnabled.main+xml"),
        "has macros",
    ),
    "a workbook whose declaration is hidden": (
        "accounts.xlsx",
        archive({"[Content_Types].xml": "macroEnabled".encode("utf-16"), "xl/workbook.xml": b"<x/>"}),
        "has macros",
    ),
    "a document with an object in it": (
        "letter.docx",
        files.document({"word/embeddings/oleObject1.bin": files.OLE}),
        "object of another program",
    ),
    "a document with a program in it": ("a.docx", files.document({"word/x.bin": b"MZ"}), "another program"),
    "a document with an archive in it": (
        "letter.docx",
        files.document({"word/media/image1.png": archive({"a.pdf": PDF})}),
        "holds another archive",
    ),
    "macros two archives down": (
        "all.zip",
        archive({"a.docx": files.document({"word/b.xlsx": files.workbook({"xl/vbaProject.bin": b"x"})})}),
        "macros",
    ),
    "office files without end": (
        "letter.docx",
        files.document({"a.docx": files.document({"a.docx": files.document({"a.docx": files.document()})})}),
        "holds another archive",
    ),
    "an archive in an archive": ("all.zip", NESTED, "holds another archive"),
    "a nested archive under another name": ("all.zip", archive({"a.pdf": NESTED}), "damaged"),
    "an archive with a program": ("all.zip", archive({"setup.exe": b"MZ"}), "not of a kind"),
    "an archive with an empty file": ("all.zip", archive({"a.pdf": b""}), "is empty"),
    "an archive that climbs": ("all.zip", archive({"../../a.pdf": PDF}), "unpacked elsewhere"),
    "an archive that climbs backwards": ("all.zip", archive({"..\\..\\a.pdf": PDF}), "unpacked elsewhere"),
    "an archive with a whole path": ("all.zip", archive({"/etc/a.pdf": PDF}), "unpacked elsewhere"),
    "an archive with a drive": ("all.zip", archive({"C:\\a.pdf": PDF}), "unpacked elsewhere"),
    "an archive with a turned name": ("all.zip", archive({"\u202efdp.a.pdf": PDF}), "unpacked elsewhere"),
    "an archive with a device": ("all.zip", archive({"con.pdf": PDF}), "cannot store"),
    "an archive with a link": ("all.zip", files.link_archive(), "unpacked elsewhere"),
    "an archive with a password": ("all.zip", files.encrypted_archive(), "protected by a password"),
    "an archive of too many files": (
        "all.zip",
        archive({f"{number}.pdf": PDF for number in range(limits.MOST_FILES_IN_AN_ARCHIVE + 1)}),
        "more than can be checked",
    ),
    "a bomb that lies": ("all.zip", files.lying_bomb(), "damaged"),
    "an archive whose entries overlap": ("all.zip", files.overlapping_archive(), "damaged"),
    "an archive with something before it": ("all.zip", b"MZ" + archive({"a.pdf": PDF}), "damaged"),
    "an archive with something behind it": ("all.zip", archive({"a.pdf": PDF}) + b"MZ", "damaged"),
    "a cut archive": ("all.zip", archive({"a.pdf": PDF})[:-10], "damaged"),
    "a name of 300 characters": ("x" * 296 + ".pdf", PDF, "too long"),
    "a device": ("con.pdf", PDF, "cannot store"),
    "a device in capitals": ("LPT1.tax.pdf", PDF, "cannot store"),
    "a name with a line break": ("tax\r\nSet-Cookie: a=b.pdf", PDF, "characters"),
    "a name with a path": ("../../tax.pdf", PDF, "characters"),
    "a name with a path of Windows": ("..\\tax.pdf", PDF, "characters"),
    "a turned name": ("tax\u202efdp.exe.pdf", PDF, "characters"),
    "an invisible name": ("\u200b.pdf", PDF, "characters"),
    "half a character": ("tax\ud800.pdf", PDF, "characters"),
    "dots alone": ("...", PDF, "no name"),
    "a dot at the end": ("tax.pdf.", PDF, "cannot store"),
}


@pytest.mark.parametrize("name", files.SOUND)
def test_the_kinds_that_the_page_names_are_taken(name: str) -> None:
    inspect(io.BytesIO(files.SOUND[name]), name)


def test_a_lender_takes_no_more_than_this_service_can_look_through() -> None:
    """Whatever is stored, from an earlier version for example."""
    rules = rules_of(kinds=["exe", "pdf"], megabytes=1_000, documents=1_000)
    assert rules == UploadRules(kinds=("pdf",))
    assert rules_of(kinds=["exe"], megabytes=1_000, documents=1_000) == EVERYTHING


def test_an_older_office_file_is_led_to_the_newer_kind_only_where_that_is_taken() -> None:
    with pytest.raises(UploadRefused, match="Save it as a PDF"):
        inspect(io.BytesIO(files.OLE), "accounts.xls", UploadRules(kinds=("pdf",)))


@pytest.mark.parametrize("case", REFUSED)
def test_everything_else_is_refused_in_one_plain_sentence(case: str) -> None:
    name, content, words = REFUSED[case]
    with pytest.raises(UploadRefused) as refusal:
        inspect(io.BytesIO(content), name)
    sentence = refusal.value.sentence
    assert words in sentence
    assert sentence.isprintable() and len(sentence) < 220 and sentence.endswith(".")


@pytest.mark.slow
def test_a_bomb_is_refused_before_it_is_unpacked_whole() -> None:
    content = files.bomb()
    assert len(content) < limits.MOST_BYTES
    with pytest.raises(UploadRefused, match="more than can be checked"):
        inspect(io.BytesIO(content), "all.zip")


def test_the_limit_is_taken_and_one_byte_more_is_not(monkeypatch: Any) -> None:
    monkeypatch.setattr(UploadRules, "most_bytes", len(PDF))
    inspect(io.BytesIO(PDF), "tax.pdf")
    with pytest.raises(UploadRefused, match="is larger than"):
        inspect(io.BytesIO(PDF + b"\n"), "tax.pdf")


def test_files_of_one_name_get_a_number() -> None:
    assert free_name("image.jpg", []) == "image.jpg"
    assert free_name("Image.jpg", ["image.jpg", "Image (2).JPG"]) == "Image (3).jpg"

"""``statements.pdf``: the reports as a document that a bank can file.

It holds what is read: statements, summaries, checks and charts. What is looked up (every account of every
month, journal lines, documents) is in the workbook and the CSV files, and the document says so. Its length is
bounded whatever the size of the books, because laying out a row costs time and memory.
"""

from typing import BinaryIO

from collections_app.reports.build import Reports
from collections_app.reports.markup import markup
from collections_app.reports.statement_pack.document import document
from collections_app.reports.statement_pack.printing import PackUnavailable, print_markup

__all__ = ["PackUnavailable", "write_pack"]


def write_pack(reports: Reports, file: BinaryIO) -> None:
    """Write ``statements.pdf`` to a file open for binary writing; the same reports give the same bytes.

    Raises PackUnavailable, with one plain sentence, when the system lacks what draws pages. Nothing is
    written then, nor on any other exception.
    """
    file.write(print_markup(f"<!DOCTYPE html>{markup(document(reports))}"))

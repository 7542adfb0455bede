"""The borrower's categories as a file, so that they can be mended in the accounting system."""

import io

from collections_app import events
from collections_app.books import account_figure
from collections_app.events import Who
from collections_app.models import Collection
from collections_app.reports.account_import import assignments
from collections_app.reports.csv_tables import write_csv


def categories_file(*, collection: Collection, by: Who) -> bytes:
    """The categories chosen here as a CSV in the layout of Sage Intacct's account import; it is recorded.

    UTF-8 without a mark at its beginning, which the import would take for a part of the first heading.
    """
    text = io.StringIO(newline="")
    write_csv(assignments(account_figure(account) for account in collection.accounts.all()), text)
    events.record(collection, "categories.downloaded", by=by)
    return text.getvalue().encode("utf-8")

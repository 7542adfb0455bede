from typing import Any

from django.core.management.base import CommandParser

from collections_app.events import Who
from collections_app.management.arguments import day, names, refusals_in_words
from collections_app.management.inviting import request_told
from collections_app.management.telling import TellingCommand
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services.document_requests import HOW_TO_WRITE
from collections_app.services.invitations import Invitation, collection_invite


class Command(TellingCommand):
    help = (
        "Makes a collection request; the last line printed is its secure URL, which is shown only here. It "
        "needs --lender, --borrower, --email, --from and --to, as far as --template or --refresh does not "
        "say it. What is said here goes before what they say."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--lender", help="the lender's slug")
        parser.add_argument("--borrower", help="the borrower's name")
        parser.add_argument("--email", help="where the invitation is sent")
        parser.add_argument("--from", type=day, dest="date_from", metavar="YYYY-MM-DD")
        parser.add_argument("--to", type=day, dest="date_to", metavar="YYYY-MM-DD")
        parser.add_argument(
            "--template", metavar="NAME", help="begin with this request template of the lender"
        )
        again = "ask the borrower of this complete request again, for the period that follows it"
        parser.add_argument("--refresh", metavar="REF", help=again)
        parser.add_argument("--reference", help="the lender's own number for this request")
        parser.add_argument("--purpose", help="why, in the words that the borrower reads")
        parser.add_argument("--contact", help="whom the borrower asks; default: the lender's own")
        parser.add_argument("--contact-phone")
        parser.add_argument("--contact-email")
        parser.add_argument("--expires-days", type=int, metavar="N", help="default: the lender's own number")
        parser.add_argument("--basis", choices=["accrual", "cash"])
        parser.add_argument("--adjustment-books", type=names, metavar="ID,..")
        parser.add_argument("--reports", type=names, metavar="NAME,..", help=", ".join(REPORT_TITLES))
        parser.add_argument(
            "--document",
            action="append",
            dest="documents",
            metavar="NAME[: SENTENCE]",
            help=f"a document to ask for; may be repeated ({HOW_TO_WRITE})",
        )
        parser.add_argument(
            "--other-documents", action="store_true", help="the borrower may upload other documents too"
        )
        parser.add_argument("--no-email", action="store_true", help="do not mail the invitation")

    def handle(self, *args: Any, **options: Any) -> None:
        asked, send_mail = request_told(options), not options["no_email"]
        with refusals_in_words():
            invitation = collection_invite(asked, by=Who.operator("invite"), send_mail=send_mail)
        mail_failed = invitation.collection.events.filter(action="invitation.mail_failed").exists()
        if mail_failed:
            self.stderr.write("The invitation could not be mailed. Send the borrower this link yourself.")
        collection, mailed = invitation.collection, send_mail and not mail_failed
        words = f"Collection {collection.reference} for {collection.borrower_name}"
        self.tell(options, words, invitation.url, **_told(invitation), mailed=mailed)


def _told(invitation: Invitation) -> dict[str, Any]:
    collection = invitation.collection
    return {
        "reference": collection.reference,
        "lender": collection.lender.slug,
        "borrower": collection.borrower_name,
        "from": collection.date_from.isoformat(),
        "to": collection.date_to.isoformat(),
        "refreshes": collection.refreshes.reference if collection.refreshes else None,
        "url": invitation.url,
    }

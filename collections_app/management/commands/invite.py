from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from collections_app.events import Who
from collections_app.management.arguments import day, lender_called, names, refusals_in_words
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services.document_requests import HOW_TO_WRITE, wanted_documents
from collections_app.services.invitations import collection_invite


class Command(BaseCommand):
    help = "Makes a collection request; the last line printed is its secure URL, which is shown only here."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lender", required=True, help="the lender's slug")
        parser.add_argument("--borrower", required=True, help="the borrower's name")
        parser.add_argument("--email", required=True, help="where the invitation is sent")
        parser.add_argument("--from", required=True, type=day, dest="date_from", metavar="YYYY-MM-DD")
        parser.add_argument("--to", required=True, type=day, dest="date_to", metavar="YYYY-MM-DD")
        parser.add_argument("--reference", default="", help="the lender's own number for this request")
        parser.add_argument("--purpose", default="", help="why, in the words that the borrower reads")
        parser.add_argument("--contact", default="", help="whom the borrower asks; default: the lender's own")
        parser.add_argument("--contact-phone", default="")
        parser.add_argument("--contact-email", default="")
        parser.add_argument("--expires-days", type=int, metavar="N", help="default: the lender's own number")
        parser.add_argument("--basis", default="", choices=["accrual", "cash"])
        parser.add_argument("--adjustment-books", type=names, default=[], metavar="ID,..")
        parser.add_argument(
            "--reports", type=names, default=[], metavar="NAME,..", help=", ".join(REPORT_TITLES)
        )
        parser.add_argument(
            "--document",
            action="append",
            default=[],
            dest="documents",
            metavar="NAME[: SENTENCE]",
            help=f"a document to ask for; may be repeated ({HOW_TO_WRITE})",
        )
        parser.add_argument(
            "--other-documents", action="store_true", help="the borrower may upload other documents too"
        )
        parser.add_argument("--no-email", action="store_true", help="do not mail the invitation")

    def handle(self, *args: Any, **options: Any) -> None:
        lender = lender_called(options["lender"])
        with refusals_in_words():
            invitation = collection_invite(
                lender=lender,
                borrower_name=options["borrower"],
                borrower_email=options["email"],
                date_from=options["date_from"],
                date_to=options["date_to"],
                by=Who.operator("invite"),
                lender_reference=options["reference"],
                purpose=options["purpose"],
                contact_name=options["contact"],
                contact_phone=options["contact_phone"],
                contact_email=options["contact_email"],
                expires_days=options["expires_days"],
                basis=options["basis"],
                adjustment_books=options["adjustment_books"],
                reports=options["reports"],
                documents=wanted_documents(options["documents"]),
                allows_other_documents=options["other_documents"],
                send_mail=not options["no_email"],
            )
        self.stdout.write(f"Collection {invitation.collection.reference} for {options['borrower']}")
        if invitation.collection.events.filter(action="invitation.mail_failed").exists():
            self.stderr.write("The invitation could not be mailed. Send the borrower this link yourself.")
        self.stdout.write(invitation.url)

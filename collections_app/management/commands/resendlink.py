from typing import Any

from django.core.management.base import CommandParser

from collections_app.events import Who
from collections_app.management.arguments import collection_called, refusals_in_words
from collections_app.management.telling import TellingCommand
from collections_app.services.invitations import link_reissue


class Command(TellingCommand):
    help = (
        "Mails the borrower a new link for the same request; earlier links stop working. The last line "
        "printed is the link, which is shown only here."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("reference", metavar="REF")
        parser.add_argument("--expires-days", type=int, metavar="N", help="default: the lender's own number")
        parser.add_argument("--email", default="", metavar="ADDRESS", help="the borrower's from now on")
        parser.add_argument("--no-email", action="store_true", help="do not mail it")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = collection_called(options["reference"])
        mails = not options["no_email"]
        with refusals_in_words():
            invitation = link_reissue(
                collection=collection,
                by=Who.operator("resendlink"),
                expires_days=options["expires_days"],
                send_mail=mails,
                address=options["email"],
            )
        attempts = collection.events.filter(action__startswith="invitation.mail")
        mailed = mails and attempts.latest("pk").action == "invitation.mailed"
        if mails and not mailed:
            self.stderr.write("The link could not be mailed. Send the borrower this link yourself.")
        words = [f"Mailed to {collection.borrower_email}"] if mailed else []
        told = {"reference": collection.reference, "mailed": mailed, "url": invitation.url}
        self.tell(options, *words, invitation.url, **told)

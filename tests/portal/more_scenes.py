"""More of scenes.py: the code, the colleague, documents, the last look, the end and what comes after."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

from django.core import mail
from django.test import Client
from django.utils import timezone

from collections_app import links, set_up, sign_in_tries
from collections_app.events import Who
from collections_app.models import (
    Account,
    Collection,
    Connection,
    Document,
    DocumentRequest,
    Run,
    ScopeOption,
    SignInTry,
)
from collections_app.services import (
    documents,
    intake,
    linking,
    looking,
    reviewing,
    setting_up,
    sharing,
    withdrawing,
)
from collections_app.services.seeing import fingerprint
from tests import factories
from tests.collecting import BORROWER, OPERATOR
from tests.portal.many_accounts import make_unanswered
from tests.portal.scenes import expired, role_based, several_books, started, unlisted, verifying
from tests.uploaded_files import PDF

Arranging = Callable[[Collection], None]
SEED = "A" * 32
STAFF = Who("staff", "ana@harbor.example")


def code_required(collection: Collection) -> None:
    collection.lender.requires_code = True
    collection.lender.save(update_fields=["requires_code"])


def a_code_is_mailed(client: Client, token: str) -> None:
    assert client.post(f"/c/{token}/").headers["Location"] == "/code/"


def the_code_is_entered(client: Client, token: str) -> None:
    a_code_is_mailed(client, token)
    code = re.search(r"^\d{3} \d{3}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code
    assert client.post("/code/", {"code": code[0]}).headers["Location"] == "/welcome/"


def nothing_was_done_for_hours(client: Client, token: str) -> None:
    session = client.session
    session["seen_at"] = 0
    session.save()


def expired_behind_a_code(collection: Collection) -> None:
    expired(collection)
    code_required(collection)


def switched_off(collection: Collection) -> None:
    linking.link_revoke(collection=collection, by=OPERATOR)


def asked_anew(collection: Collection) -> None:
    expired(collection)
    link = links.newest(collection)
    assert link
    linking.link_ask(link=link, by=BORROWER)


def given_up(collection: Collection) -> None:
    started(collection)
    withdrawing.consent_withdraw(collection=collection, by=BORROWER)


def several(*steps: Arranging) -> Arranging:
    """One after the other."""

    def arrange(collection: Collection) -> None:
        for step in steps:
            step(collection)
            collection.refresh_from_db()

    return arrange


def handed_on(collection: Collection) -> None:
    """A colleague has a set-up link, to the address that `set_up_token` knows."""
    setting_up.set_up_link_issue(collection=collection, seed=SEED, by=BORROWER)


def set_up_token(collection: Collection) -> str:
    return set_up.token_from(SEED, collection)


def the_set_up_is_opened(client: Client, token: str) -> None:
    assert client.post(f"/s/{set_up_token(Collection.objects.get())}/").headers["Location"] == "/set-up/"


def mailed_and_opened(collection: Collection) -> None:
    role_based(collection)
    link, url = setting_up.set_up_link_issue(collection=collection, seed=SEED, by=BORROWER)
    setting_up.set_up_link_mail(link=link, url=url, to="it@birchwood.example", by=BORROWER)
    setting_up.set_up_link_open(link=link, by=BORROWER)
    for step in ("permission-type", "web-services"):
        setting_up.tick_set(collection=collection, step=step, done=True, by_colleague=True)


def set_up_expired(collection: Collection) -> None:
    collection.set_up_links.update(expires_at=timezone.now() - timedelta(days=1))


def taken_back(collection: Collection) -> None:
    linking.set_up_link_revoke(collection=collection, by=BORROWER)


def paused(collection: Collection) -> None:
    verifying("needs_borrower", "sign_in_refused")(collection)
    connection = Connection.objects.get()
    [key, *_], now = sign_in_tries.keys_of(connection.company_id, connection.user_id), timezone.now()
    for place in sign_in_tries.PLACES:
        SignInTry.objects.create(key=key, place=place, at=now, refused=True)


def many_books(collection: Collection) -> None:
    """More than one page shows at once, and two entities that the user may not enter."""
    several_books(collection)
    for position in range(4, 24):
        option = ScopeOption.holding(
            collection=collection,
            position=position,
            kind="entity",
            identifier=f"E{position}",
            name=f"Shop {position} Riverside",
        )
        option.currency = "CAD"
        option.save()
    connection = Connection.objects.get()
    connection.findings = {"hidden_entities": ["Acme Holdings", "Acme Overseas"]}
    connection.save()


def previews(collection: Collection) -> None:
    collection.previews = True
    collection.save(update_fields=["previews"])


def asking(collection: Collection) -> None:
    """Two documents are asked for by name, others are welcome."""
    wanted = (
        ("2025 tax return", "Every page, schedules included.", True),
        ("Insurance certificate", "", False),
    )
    for position, (name, explanation, required) in enumerate(wanted, start=1):
        DocumentRequest.objects.create(
            collection=collection, position=position, name=name, explanation=explanation, is_required=required
        )
    collection.allows_other_documents = True
    collection.save(update_fields=["allows_other_documents"])


def worded(collection: Collection) -> None:
    """The lender has a welcome in two paragraphs, of which only English is written, and closing words."""
    lender = collection.lender
    lender.welcome_en = "Thank you for your time.\n\nWe look at your reports within two working days."
    lender.closing_en, lender.closing_es = "We write to you soon.", "Le escribiremos pronto."
    lender.save()


def asked_more(collection: Collection) -> None:
    """One question waits, another is answered."""
    first = reviewing.question_ask(collection=collection, words="Why did rent rise in May?", by=STAFF)
    reviewing.questions_answer(
        collection=collection, answers={first.key: "Warehouse: 400 m2 more."}, by=Who.borrower()
    )
    reviewing.question_ask(collection=collection, words="Which loans end in 2027?", by=STAFF)


def returned(collection: Collection) -> None:
    reviewing.collection_return(
        collection=collection, words="March: post accruals.", by=STAFF, shown=fingerprint(collection)
    )


def signed_in_again(collection: Collection) -> None:
    """After it was given back: the sign-in works, and the accounts were read once more."""
    intake.connect_confirm(collection=collection, by=BORROWER)
    connection = Connection.objects.get(collection=collection)
    connection.verified_at, connection.destroyed_at = timezone.now(), None
    connection.save()
    factories.seal_password(connection)
    factories.make_run(collection, Run.Kind.VERIFY)
    factories.make_run(collection, Run.Kind.EXAMINE)


def uploaded(collection: Collection) -> None:
    """A short name for what was asked for, and a name with no place to break beside it."""
    others = "A_file_with_a_name_that_is_very_long_and_has_no_place_to_break_2025_final_version.pdf"
    asked = collection.document_requests.first()
    for name, request, content in (("tax.pdf", asked, PDF), (others, None, PDF + b"%")):
        documents.document_add(
            collection=collection, file=io.BytesIO(content), name=name, request=request, by=BORROWER
        )


def looked_at(collection: Collection) -> None:
    """The lender has opened the page and a document."""
    looking.collection_view(collection=collection, by=STAFF)
    document = Document.objects.first()
    if document:
        documents.document_open(document=document, by=STAFF).close()


def unshared(collection: Collection) -> None:
    """Collected, and waiting for the last look."""
    factories.collect_at_once(
        collection,
        status=Collection.Status.COLLECTING,
        previews=True,
        shared_at=None,
        connect_confirmed_at=timezone.now(),
    )


def attested(collection: Collection) -> None:
    unshared(collection)
    sharing.collection_share(collection=collection, name="Ann Otter", title="Controller", by=BORROWER)


def documents_alone(collection: Collection) -> None:
    unlisted(collection)
    asking(collection)


def documents_alone_shared(collection: Collection) -> None:
    several(documents_alone, uploaded)(collection)
    sharing.documents_share(collection=collection, by=BORROWER)


def some_chosen(collection: Collection) -> None:
    """Some accounts, the first of them answered."""
    make_unanswered(collection, 12)
    account = collection.accounts.first()
    assert account
    account.assigned_category = "Cash and Cash Equivalents"
    account.save()


def following(collection: Collection) -> None:
    """It refreshes an earlier request, of the company that the other scenes sign in to."""
    collection.refreshes = factories.collected_collection(collection.lender)
    collection.save(update_fields=["refreshes"])


def remembered(collection: Collection) -> None:
    """Some of the accounts were answered last time."""
    following(collection)
    make_unanswered(collection, 12)
    assert collection.refreshes
    collection.refreshes.accounts.all().delete()
    names = ("Cash and Cash Equivalents", "Cash and Cash Equivalents", "Accounts Receivable")
    for account, name in zip(collection.accounts.all().in_order(), names, strict=False):
        Account.holding(
            collection=collection.refreshes,
            number=account.number,
            title=account.title,
            account_type=account.account_type,
            assigned_category=name,
        ).save()

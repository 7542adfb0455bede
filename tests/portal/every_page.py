"""Every page that a borrower may meet, in every state that looks different: one line each in PAGES.

A line names the state, says where it is, and how a request comes to stand there; `press` is a button pressed
on the page before it is looked at, for what only an answer shows, and `types` what is typed before that.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from collections_app.models import Collection
from tests import factories
from tests.portal import more_scenes as more
from tests.portal.more_scenes import several
from tests.portal.scenes import (
    chosen,
    collecting,
    confirmed,
    erased,
    examining,
    expired,
    replaced,
    reviewed,
    role_based,
    several_books,
    shared,
    started,
    too_often,
    unanswered,
    unlisted,
    used_up,
    user_based,
    verifying,
    withdrawn,
)

BASE = "/collection/"
# Pages of the borrower that are no steps.
BESIDE = ("done/", "documents/", "withdraw/", "colleague/", "leave/", "questions/")
# With views that fail in every way.
FAILING = "tests.portal.failing"


@dataclass(frozen=True)
class Scene:
    """A request, and the token of the link to it."""

    collection: Collection
    token: str


@dataclass(frozen=True)
class Page:
    """One state of one page. `opened`: whether the browser has opened the link before.

    `then` is what the same browser has done besides.
    """

    name: str
    path: str
    arrange: Callable[[Collection], None] | None = None
    press: str = ""
    status: int = 200
    opened: bool = True
    then: Callable[[Client, str], None] | None = None
    types: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The page itself, whatever is searched on it; the first page has two addresses."""
        path = self.path.partition("?")[0]
        return "/c/{token}/" if path == "/welcome/" else path

    @property
    def is_step(self) -> bool:
        inside = self.path.removeprefix(BASE)
        return (
            self.opened
            and self.status in (200, 422)
            and inside != self.path
            and not inside.startswith(BESIDE)
        )

    def address(self, scene: Scene) -> str:
        user = factories.make_user(password="!") if "{reset}" in self.path else None
        reset = (
            f"{urlsafe_base64_encode(force_bytes(user.pk))}/{default_token_generator.make_token(user)}"
            if user
            else ""
        )
        document = scene.collection.documents.first()
        return self.path.format(
            token=scene.token,
            lender=scene.collection.lender.slug,
            reset=reset,
            set_up=more.set_up_token(scene.collection),
            document=document.key if document else "",
        )


def stands(page: Page, scene: Scene) -> Client:
    """A browser for which the request stands as the page needs it."""
    browser = Client()
    if page.opened:
        assert browser.post(f"/c/{scene.token}/").status_code == 302
        scene.collection.refresh_from_db()
    if page.arrange:
        page.arrange(scene.collection)
    if page.then:
        page.then(browser, scene.token)
    return browser


def colleagues(name: str, *arrange: Callable[[Collection], None], press: str = "", status: int = 200) -> Page:
    """The page of the colleague who has opened the set-up link, which the last of `arrange` makes."""
    return Page(
        name,
        "/set-up/",
        several(started, *arrange),
        press=press,
        status=status,
        opened=False,
        then=more.the_set_up_is_opened,
    )


# A page of samples holds the same landmark and the same notice several times.
SAMPLES = ("landmark-unique", "duplicate-id-aria")

PAGES = (
    Page("landing", "/c/{token}/", opened=False),
    Page("landing-again", "/c/{token}/", started, opened=False),
    Page("landing-asks-for-documents", "/c/{token}/", several(more.asking, more.previews), opened=False),
    Page("landing-with-the-lenders-words", "/c/{token}/", more.worded, opened=False),
    Page("landing-while-collecting", "/c/{token}/", several(started, collecting("running")), opened=False),
    Page("landing-when-shared", "/c/{token}/", shared, opened=False),
    Page("landing-follows", "/c/{token}/", more.following, opened=False),
    Page("code-first", "/c/{token}/", more.code_required, opened=False),
    Page("code", "/code/", more.code_required, opened=False, then=more.a_code_is_mailed),
    Page("code-wrong", "/code/", more.code_required, opened=False, then=more.a_code_is_mailed,
         types={"#id_code": "12"}, press="main .button--main", status=422),
    Page("code-too-soon", "/code/", more.code_required, opened=False, then=more.a_code_is_mailed,
         press="button[name=send]", status=422),
    Page("welcome", "/welcome/", more.code_required, opened=False, then=more.the_code_is_entered),
    Page("system", BASE + "select-system/"),
    Page("system-wrong", BASE + "select-system/", press="details button", status=422),
    Page("system-unlisted", BASE + "select-system/", unlisted),
    Page("review", BASE + "review/", chosen),
    Page("review-wrong", BASE + "review/", chosen, press="main .button--main", status=422),
    Page("review-asks-for-documents", BASE + "review/", several(chosen, more.asking, more.previews)),
    Page("connect", BASE + "connect/", reviewed),
    Page("connect-handed-on", BASE + "connect/", several(reviewed, more.handed_on)),
    Page("colleague", BASE + "colleague/", confirmed),
    Page("colleague-link", BASE + "colleague/", confirmed, press="main form:has([name=seed]) button"),
    Page("colleague-wrong", BASE + "colleague/", confirmed, types={"#id_email": "nobody"},
         press="main .button--main", status=422),
    Page("colleague-opened", BASE + "colleague/", more.mailed_and_opened),
    Page("set-up-landing", "/s/{set_up}/", several(started, confirmed, more.handed_on), opened=False),
    colleagues("set-up-type", confirmed, more.handed_on),
    colleagues("set-up-type-wrong", confirmed, more.handed_on, press="#set-up button", status=422),
    colleagues("set-up-guide", more.mailed_and_opened),
    colleagues("set-up-wrong", more.mailed_and_opened, press="#sign-in .button--main", status=422),
    colleagues("set-up-checking", verifying("queued"), more.handed_on),
    colleagues("set-up-refused", verifying("needs_borrower", "sign_in_refused"), more.handed_on),
    colleagues("set-up-done", several_books, more.handed_on),
    Page("set-up-closed", "/s/{set_up}/", several(started, confirmed, more.handed_on, more.taken_back),
         opened=False, status=410),
    Page("set-up-expired", "/s/{set_up}/", several(started, confirmed, more.handed_on, more.set_up_expired),
         opened=False, status=410),
    Page("set-up-needed", "/set-up/", status=403, opened=False),
    Page("permission-type", BASE + "credentials/", confirmed),
    Page("permission-type-wrong", BASE + "credentials/", confirmed, press="#set-up button", status=422),
    Page("credentials-role", BASE + "credentials/", role_based),
    Page("credentials-user", BASE + "credentials/", user_based),
    Page("credentials-as-last-time", BASE + "credentials/", several(more.following, role_based)),
    Page("credentials-wrong", BASE + "credentials/", role_based, press="#sign-in .button--main", status=422),
    Page("sign-in-waits-its-turn", BASE + "credentials/", verifying("queued")),
    Page("sign-in-waits-for-sage", BASE + "credentials/", verifying("waiting", "gateway_unavailable")),
    Page("sign-in-refused", BASE + "credentials/", verifying("needs_borrower", "sign_in_refused")),
    Page("sign-in-paused", BASE + "credentials/", more.paused),
    Page("permission-missing", BASE + "credentials/",
         verifying("needs_borrower", "permission_missing", "General Ledger > Accounts: List, View")),
    Page("sign-in-stopped", BASE + "credentials/", verifying("needs_operator", "sender_refused")),
    Page("entity", BASE + "entity/", several_books),
    Page("entity-as-last-time", BASE + "entity/", several(more.following, several_books)),
    Page("entity-wrong", BASE + "entity/", several_books, press="main .button--main", status=422),
    Page("entity-many", BASE + "entity/", more.many_books),
    Page("entity-search", BASE + "entity/?search=shop+5", more.many_books),
    Page("entity-search-none", BASE + "entity/?search=zebra", more.many_books),
    Page("accounts-being-read", BASE + "categories/", examining("running")),
    Page("accounts-stopped", BASE + "categories/", examining("needs_operator", "our_fault")),
    Page("categories", BASE + "categories/", unanswered(12)),
    Page("categories-remembered", BASE + "categories/", more.remembered),
    Page("categories-wrong", BASE + "categories/", unanswered(12), press="button[value=continue]",
         status=422),
    Page("categories-none", BASE + "categories/", unanswered(0)),
    Page("categories-some-chosen", BASE + "categories/", more.some_chosen),
    Page("categories-search", BASE + "categories/?search=rent", unanswered(60)),
    Page("categories-search-none", BASE + "categories/?search=zebra", unanswered(60)),
    Page("check", BASE + "check/", unanswered(0)),
    Page("check-looks-first", BASE + "check/", several(unanswered(0), more.previews)),
    Page("progress-queued", BASE + "progress/", collecting("queued")),
    Page("progress", BASE + "progress/", collecting("running")),
    Page("progress-waiting", BASE + "progress/", collecting("waiting", "gateway_unavailable")),
    Page("progress-stopped", BASE + "progress/", collecting("needs_operator", "our_fault")),
    Page("preview", BASE + "preview/", several(more.asking, more.unshared)),
    Page("preview-wrong", BASE + "preview/", more.unshared, press="button[value=share]", status=422),
    Page("preview-saved", BASE + "preview/?saved=1", more.unshared),
    Page("documents", BASE + "documents/", several(started, more.asking)),
    Page("documents-uploaded", BASE + "documents/", several(started, more.asking, more.uploaded)),
    Page("documents-shared", BASE + "documents/",
         several(more.asking, shared, more.uploaded, more.looked_at)),
    Page("document-remove", BASE + "documents/{document}/remove/",
         several(started, more.asking, more.uploaded)),
    Page("share-documents", BASE + "share-documents/", more.documents_alone),
    Page("share-documents-uploaded", BASE + "share-documents/", several(more.documents_alone, more.uploaded)),
    Page("share-documents-wrong", BASE + "share-documents/", several(more.documents_alone, more.uploaded),
         press="main .button--main", status=422),
    Page("done", BASE + "done/", shared),
    Page("done-documents-missing", BASE + "done/", several(more.asking, shared)),
    Page("done-attested-and-looked-at", BASE + "done/", several(more.attested, more.looked_at)),
    Page("done-documents-alone", BASE + "done/", more.documents_alone_shared),
    Page("done-with-the-lenders-words", BASE + "done/", several(more.worded, shared)),
    Page("done-asked", BASE + "done/", several(shared, more.asked_more)),
    Page("returned", BASE + "connect/", several(shared, more.returned)),
    Page("returned-and-signed-in", BASE + "check/", several(shared, more.returned, more.signed_in_again)),
    Page("questions", BASE + "questions/", several(shared, more.asked_more)),
    Page("questions-wrong", BASE + "questions/", several(shared, more.asked_more),
         press="main form button", status=422),
    Page("verify", "/verify/", opened=False),
    Page("verify-wrong", "/verify/", press="main form button", status=422, opened=False),
    Page("withdraw", BASE + "withdraw/", role_based),
    Page("withdraw-wrong", BASE + "withdraw/", role_based, types={"#id_reason": "too long " * 1000},
         press="main .button--danger", status=422),
    Page("withdraw-shared", BASE + "withdraw/", several(shared, more.looked_at)),
    Page("left", BASE + "leave/", opened=False),
    Page("guide-role", "/guide/{lender}/role-based/", opened=False),
    Page("guide-user", "/guide/{lender}/user-based/", opened=False),
    Page("guide-categories", "/guide/{lender}/quickstart-categories/", opened=False),
    Page("link-expired", "/c/{token}/", expired, status=410, opened=False),
    Page("link-withdrawn", "/c/{token}/", withdrawn, status=410, opened=False),
    Page("link-replaced", "/c/{token}/", replaced, status=410, opened=False),
    Page("link-used-up", "/c/{token}/", used_up, status=410, opened=False),
    Page("link-expired-behind-a-code", "/c/{token}/", more.expired_behind_a_code, status=410, opened=False),
    Page("link-switched-off", "/c/{token}/", more.switched_off, status=410, opened=False),
    Page("link-asked-anew", "/c/{token}/", more.asked_anew, status=410, opened=False),
    Page("link-given-up", "/c/{token}/", more.given_up, status=410, opened=False),
    Page("visit-over", BASE, then=more.nothing_was_done_for_hours, status=403),
    Page("link-unknown", "/c/rubbish/", status=404, opened=False),
    Page("link-too-often", "/c/{token}/", too_often, status=429, opened=False),
    Page("link-needed", BASE, status=403, opened=False),
    Page("erased", BASE + "categories/", erased, status=410),
    Page("not-found", "/nothing-here/", status=404, opened=False),
    Page("bad-request", "/fails/400/", status=400, opened=False),
    Page("forbidden", "/fails/403/", status=403, opened=False),
    Page("server-error", "/fails/500/", status=500, opened=False),
    Page("stale-form", "/fails/stale/", status=403, opened=False),
    Page("another-request", "/fails/another/", status=409, opened=False),
    Page("staff-password", "/reset/{reset}/", opened=False),
    Page("staff-password-late", "/reset/MQ/nothing/", opened=False),
    Page("staff-password-set", "/reset/done/", opened=False),
    Page("style-guide", "/styleguide/", opened=False, without=SAMPLES),
)  # fmt: skip

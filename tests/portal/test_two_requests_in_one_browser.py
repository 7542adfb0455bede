"""Two requests open in two tabs of one browser: what is sent from the page of one never answers the other."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, reverse

from collections_app import links
from collections_app.models import Collection, Lender
from collections_app.services import intake, invitations, setting_up
from collections_app.services.invitations import Invitation
from portal import bound_forms
from portal.flow.journey import DOCUMENTS_ORDER, ORDER
from portal.urls import borrower as borrowers_addresses
from tests.collecting import BORROWER, OPERATOR, invite, token_of
from tests.factories import make_collection, make_lender
from tests.portal.every_page import PAGES, Page, Scene, stands
from tests.uploaded_files import PDF

FORM = re.compile(r"<form\b(?P<tag>[^>]*)>(?P<inside>.*?)</form>", re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
BASE = "/collection/"
WORDS = "Another request is open in this browser"

# What is sent to these is of no request: the address names the link, or it is about the browser alone.
OF_NO_REQUEST = {"link", "ask", "set_up_link", "visit", "leave", "set_up_leave", "verify"}


class Tab:
    """A page of a browser that checks forms as it does outside of tests, and what its forms carry."""

    def __init__(self, browser: Client, address: str) -> None:
        self.browser, self.address = browser, address
        self.page = browser.get(address)
        self.hidden = dict(HIDDEN.findall(self.page.content.decode()))

    def send(self, answers: dict[str, Any] | None = None, address: str = "", **options: Any) -> Any:
        """What its forms carry, with these answers, to its own address or another one."""
        return self.browser.post(address or self.address, self.hidden | (answers or {}), **options)


def opened(browser: Client, address: str) -> None:
    """The link in this browser, and its button."""
    assert Tab(browser, address).send().status_code == 302


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def pair(lender: Lender) -> tuple[Invitation, Invitation]:
    """Two requests of one lender to one company."""
    return invite(lender), invite(lender)


def path(invitation: Invitation) -> str:
    return f"/c/{token_of(invitation)}/"


def at(step: str, *invitations: Invitation) -> None:
    """Takes requests to where their borrower agrees, or signs in."""
    for each in invitations:
        link = links.find(token_of(each))
        assert link
        intake.link_open(link=link, by=BORROWER)
        collection = Collection.objects.get(pk=link.collection_id)
        intake.system_choose(collection=collection, key="sage-intacct", by=BORROWER)
        if step == "credentials":
            intake.review_confirm(collection=collection, by=BORROWER)
            intake.connect_confirm(collection=collection, by=BORROWER)
            intake.permission_type_choose(collection=collection, permission_type="role-based", by=BORROWER)


def untouched(collection: Collection) -> list[Any]:
    """All that an answer to the request could change."""
    events = collection.events.exclude(action="link.opened").count()
    return [Collection.objects.values().get(pk=collection.pk), events, collection.documents.count()]


SIGN_IN = {"company_id": "ACME", "user_id": "reader", "password": "a password of the first client"}
ANSWERS: dict[str, tuple[str, str, dict[str, str]]] = {
    "withdraw": ("withdraw/", "credentials", {"reason": "Not this one"}),
    "consent": ("review/", "review", {"agreed": "on", "name": "Robin Birch", "title": "Controller"}),
    "sign-in": ("credentials/", "credentials", SIGN_IN),
    "other document": ("documents/", "credentials", {"document_request": ""}),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_from_the_page_of_one_request_is_not_taken_for_the_other(
    browser: Client, pair: tuple[Invitation, Invitation], answer: str
) -> None:
    first, second = pair
    page, stand, answers = ANSWERS[answer]
    at(stand, first, second)
    Collection.objects.update(allows_other_documents=True)
    opened(browser, path(first))
    tab = Tab(browser, BASE + page)
    assert tab.page.status_code == 200
    opened(browser, path(second))
    before = untouched(second.collection)
    response = tab.send(answers)
    assert response.status_code == 409
    told = response.content.decode()
    assert WORDS in told and "Open the link of the request that you meant" in told
    assert second.collection.reference in told
    assert untouched(second.collection) == before


def test_what_was_refused_is_taken_once_its_own_link_is_opened_again(
    browser: Client, pair: tuple[Invitation, Invitation]
) -> None:
    """Nobody types anything twice: the page says to come back and send it again."""
    first, second = pair
    at("review", first, second)
    opened(browser, path(first))
    tab = Tab(browser, BASE + "review/")
    opened(browser, path(second))
    _page, _stand, answers = ANSWERS["consent"]
    assert tab.send(answers).status_code == 409
    opened(browser, path(first))
    assert tab.send(answers).status_code == 302
    agreed = Collection.objects.exclude(reviewed_at=None)
    assert [each.pk for each in agreed] == [first.collection.pk]


@pytest.mark.parametrize("between", ["the visit was left", "the browser forgot the session"])
def test_that_a_visit_ended_in_between_lets_no_answer_through(
    browser: Client, pair: tuple[Invitation, Invitation], between: str
) -> None:
    first, second = pair
    at("credentials", first, second)
    opened(browser, path(first))
    tab = Tab(browser, BASE + "withdraw/")
    if between == "the visit was left":
        assert tab.send(address=BASE + "leave/").status_code == 302
    else:
        del browser.cookies["session"]
    opened(browser, path(second))
    assert tab.send().status_code == 409
    assert Collection.objects.get(pk=second.collection.pk).status == "started"
    opened(browser, path(first))
    assert tab.send().status_code == 302
    assert Collection.objects.get(pk=first.collection.pk).status == "withdrawn"


def test_a_page_goes_on_under_a_new_link_to_the_same_request_and_a_new_key(
    browser: Client, pair: tuple[Invitation, Invitation], settings: Any
) -> None:
    first, _second = pair
    at("credentials", first)
    opened(browser, path(first))
    tab = Tab(browser, BASE + "withdraw/")
    again = invitations.link_reissue(collection=first.collection, by=OPERATOR)
    older = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key " * 6, [older]
    opened(browser, path(again))
    assert tab.send().status_code == 302
    assert Collection.objects.get(pk=first.collection.pk).status == "withdrawn"


def test_the_scripts_of_a_page_of_another_request_get_words(
    browser: Client, pair: tuple[Invitation, Invitation]
) -> None:
    first, second = pair
    at("credentials", first, second)
    Collection.objects.update(allows_other_documents=True)
    opened(browser, path(first))
    documents = Tab(browser, BASE + "documents/")
    guide = Tab(browser, BASE + "credentials/")
    opened(browser, path(second))
    for tab, answers in (documents, {"file": SimpleUploadedFile("a.pdf", PDF)}), (guide, {"tick": "sender"}):
        response = tab.send(answers, headers={"Accept": "application/json"})
        assert response.status_code == 409
        told = response.json()
        assert "opened the link of another request" in told["said"]
        assert (told["kept"], told["refused"]) == (0, [told["said"]])
    assert not second.collection.documents.exists()
    assert not second.collection.set_up_ticks.exists()


def test_a_page_that_waits_is_not_shown_how_another_request_stands(
    browser: Client, lender: Lender, pair: tuple[Invitation, Invitation]
) -> None:
    first, second = pair
    at("credentials", first, second)
    opened(browser, path(first))
    tab = Tab(browser, BASE + "credentials/")
    asks = {"Accept": "application/json", "Of-Request": tab.hidden[bound_forms.FIELD]}
    assert browser.get(tab.address, headers=asks).status_code == 200
    opened(browser, path(second))
    assert browser.get(tab.address, headers=asks).status_code == 409


def test_a_code_is_compared_with_the_mail_of_its_own_request(
    browser: Client, lender: Lender, pair: tuple[Invitation, Invitation]
) -> None:
    """The code of one, entered on its page, is no wrong try at the other's, and reveals nothing of that."""
    lender.requires_code = True
    lender.save()
    first, second = pair
    opened(browser, path(first))
    tab = Tab(browser, "/code/")
    opened(browser, path(second))
    response = tab.send({"code": "123 456"})
    assert response.status_code == 409
    told = response.content.decode()
    assert second.collection.reference not in told and "send it again" not in told
    assert 'href="/code/"' in told and browser.get("/code/").status_code == 200
    link = links.newest(second.collection)
    assert link and [code.tries for code in link.codes.all()] == [0]


def test_an_end_of_one_request_asks_no_other_lender_for_a_link(
    browser: Client, pair: tuple[Invitation, Invitation]
) -> None:
    first, second = pair
    at("credentials", first, second)
    opened(browser, path(first))
    tab = Tab(browser, BASE + "withdraw/")
    opened(browser, path(second))
    second.collection.links.update(expires_at="2020-01-01T00:00:00Z")
    assert tab.send(address=BASE + "ask/").status_code == 409
    assert not second.collection.notices.exists()


# The colleague ----------------------------------------------------------------------------------------------


def handed_on(invitation: Invitation) -> str:
    """The path of a set-up link to it."""
    seed = token_of(invitation)[-32:]
    _link, url = setting_up.set_up_link_issue(
        collection=Collection.objects.get(pk=invitation.collection.pk), seed=seed, by=BORROWER
    )
    return "/s/" + url.rstrip("/").rpartition("/")[2] + "/"


@pytest.mark.parametrize("answers", [SIGN_IN, {"tick": "sender"}, {"permission_type": "user-based"}])
def test_a_colleague_with_two_set_up_links_signs_in_to_the_one_whose_page_it_is(
    browser: Client, pair: tuple[Invitation, Invitation], answers: dict[str, str]
) -> None:
    first, second = pair
    at("credentials", first, second)
    opened(browser, handed_on(first))
    tab = Tab(browser, "/set-up/")
    opened(browser, handed_on(second))
    before = untouched(second.collection)
    response = tab.send(answers)
    assert response.status_code == 409
    told = response.content.decode()
    assert WORDS in told and second.collection.reference not in told
    assert untouched(second.collection) == before
    assert not second.collection.set_up_ticks.exists()


# Every address and every page -------------------------------------------------------------------------------


def taking_answers() -> list[str]:
    """Every borrower's address; those that take no POST say so themselves."""
    found: list[str] = []
    for pattern in borrowers_addresses[0]:
        if pattern.name not in OF_NO_REQUEST:
            found += [reverse(f"portal:{pattern.name}", kwargs=values) for values in _values(pattern)]
    return found


def _values(pattern: URLPattern) -> list[dict[str, Any]]:
    if pattern.name == "step":
        return [{"slug": step.slug} for step in (*ORDER, *DOCUMENTS_ORDER)]
    return [dict.fromkeys(pattern.pattern.converters, "none")]


@pytest.mark.parametrize("address", dict.fromkeys(taking_answers()))
def test_every_address_that_takes_answers_asks_which_request_they_are_of(
    db: None, pair: tuple[Invitation, Invitation], address: str
) -> None:
    first, second = pair
    browser = Client()
    if browser.post(address).status_code == 405:
        return
    at("credentials", first, second)
    browser.post(handed_on(first))
    browser.post(path(first))
    field = Tab(browser, BASE + "withdraw/").hidden[bound_forms.FIELD]
    browser.post(handed_on(second))
    browser.post(path(second))
    if address in ("/code/", "/welcome/"):
        session = browser.session
        link = links.newest(second.collection)
        assert link
        session["arriving"] = link.pk
        session.save()
    before = untouched(second.collection)
    assert browser.post(address, {bound_forms.FIELD: field}).status_code == 409
    assert untouched(second.collection) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", [each for each in PAGES if each.opened or each.then], ids=lambda page: page.name
)
def test_every_form_of_every_page_says_which_request_it_is_of(page: Page, settings: Any, db: None) -> None:
    scene = made()
    browser = stands(page, scene)
    answer = browser.get(page.address(scene))
    if answer.status_code == 403:
        return
    said = bound_forms._names(Collection.objects.get(pk=scene.collection.pk))[0]
    forms = [each for each in FORM.finditer(answer.content.decode()) if 'method="post"' in each["tag"]]
    sent = [each for each in forms if "?language" not in each["tag"]]
    for form in sent:
        assert dict(HIDDEN.findall(form["inside"])).get(bound_forms.FIELD) == said, form["tag"]


def made() -> Scene:
    collection = make_collection(make_lender(), linked=False)
    _link, token = links.issue(collection)
    return Scene(collection, token)

"""What never reaches a page, and what no page may carry."""

import re

import pytest
from django.test import Client

from collections_app import links
from collections_app.models import Account, Collection, Connection
from tests import factories
from tests.collections_app.admin.addresses import address_of, admin_routes

INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)[^>]*>|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


@pytest.fixture
def holding_secrets(collected: Collection) -> Collection:
    factories.make_staff(collected.lender)
    Connection.objects.filter(collection=collected).delete()
    factories.make_connection(collected)
    return collected


@pytest.mark.slow
def test_no_secret_is_on_any_page(operator: Client, holding_secrets: Collection) -> None:
    _, token = links.issue(holding_secrets)
    connection = Connection.objects.get(collection=holding_secrets)
    assert connection.secret
    sealed = bytes(connection.secret)
    hash_of_token = links.token_hash(token).hex().encode()
    secrets = (factories.PASSWORD.encode(), token.encode(), sealed, sealed.hex().encode(), hash_of_token)
    for route in admin_routes():
        told = operator.get(address_of(route, holding_secrets), follow=True).getvalue()
        assert [secret for secret in secrets if secret in told] == [], route


@pytest.mark.slow
def test_no_page_has_inline_script_or_style(operator: Client, holding_secrets: Collection) -> None:
    for route in admin_routes():
        response = operator.get(address_of(route, holding_secrets), follow=True)
        page = response.getvalue().decode(errors="replace")
        if response.headers["Content-Type"].startswith("text/html"):
            assert "script-src 'self'" in response.headers["Content-Security-Policy"], route
            assert INLINE.search(page) is None, route


def test_a_borrowers_words_are_text_and_no_markup(analyst: Client, collected: Collection) -> None:
    account = Account.objects.numbered(collected, "100")
    account.title = "<script>alert(1)</script>"
    account.save()
    Collection.objects.filter(pk=collected.pk).update(borrower_name="<b>Acme</b>")
    for address_of_page in ("", f"{collected.pk}/change/"):
        page = analyst.get(f"/admin/collections_app/collection/{address_of_page}").content.decode()
        assert "<script>alert" not in page
        assert "<b>Acme" not in page

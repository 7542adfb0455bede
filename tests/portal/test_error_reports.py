"""What an error page tells, should DEBUG ever be on where borrowers are."""

from typing import Any

import pytest
from django.test import Client

from collections_app.models import Collection
from collections_app.services import credentials, intake
from tests.collecting import BORROWER

CANARY = "Canary-Password-77!"
STORAGE_URL = "s3://an-id:a-secret@books"


def test_the_error_page_of_a_failed_sign_in_hides_the_password(
    borrower: Client, asked: Collection, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEBUG = True
    settings.STORAGE_URL = STORAGE_URL
    intake.system_choose(collection=asked, key="sage-intacct", by=BORROWER)
    intake.review_confirm(collection=asked, by=BORROWER)
    intake.connect_confirm(collection=asked, by=BORROWER)
    monkeypatch.setattr(credentials, "credentials_seal", lambda **given: 1 / 0)
    borrower.raise_request_exception = False
    answer = {"company_id": "BIRCHSOLO", "user_id": "ws_lender", "password": CANARY}
    response = borrower.post("/collection/credentials/", answer)
    page = response.content.decode()
    assert response.status_code == 500
    assert "ZeroDivisionError" in page
    assert "BIRCHSOLO" in page
    addresses_and_keys = (STORAGE_URL, settings.SECRET_KEY, settings.VAULT_KEYS[0])
    for secret in (CANARY, settings.INTACCT_SENDER_PASSWORD, *addresses_and_keys):
        assert secret not in page
    assert borrower.cookies["session"].value not in page

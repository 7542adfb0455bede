"""A browser that stands before the step under test."""

import pytest

from collections_app.models import Collection
from collections_app.services import intake
from tests.collecting import BORROWER


@pytest.fixture
def confirmed(asked: Collection) -> Collection:
    """The first three steps are answered."""
    intake.system_choose(collection=asked, key="sage-intacct", by=BORROWER)
    intake.review_confirm(collection=asked, by=BORROWER)
    intake.connect_confirm(collection=asked, by=BORROWER)
    return asked

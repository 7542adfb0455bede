"""Requests of an earlier version keep the rule of the template that they began with."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests import factories

pytestmark = pytest.mark.slow
BEFORE = [("collections_app", "0024_sent_requests")]


def test_requests_that_are_there_already_keep_the_rule_of_their_template(transactional_db: None) -> None:
    lender = factories.make_lender()
    template = factories.make_request_template(lender, date_rule="months", date_count=6)
    typed = factories.make_request_template(lender)
    asked, by_hand, without = (
        factories.make_collection(lender, template=each) for each in (template, typed, None)
    )
    newest = list(MigrationExecutor(connection).loader.graph.leaf_nodes("collections_app"))
    MigrationExecutor(connection).migrate(BEFORE)
    MigrationExecutor(connection).migrate(newest)
    for each in (asked, by_hand, without):
        each.refresh_from_db()
    assert asked.date_rule == template.dating == {"rule": "months", "count": 6, "first_month": 1}
    assert (by_hand.date_rule, without.date_rule) == (None, None)

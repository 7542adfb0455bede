"""Where the collection behind a link stands, named by an entity tag: what a poll of the progress page shows.

The query is written out, because putting it together anew takes longer than its answer, and no request is
more frequent.
"""

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

QUERY = """
SELECT run.id, run.status = 'running' AND run.kind = 'collect' AND collection.status = 'collecting',
       collection.status, run.status, run.retry_at, run.waiting_since, run.problem,
       COUNT(unit.done_at), SUM(unit.rows_read), MAX(unit.started_at),
       COUNT(CASE WHEN unit.lease_until >= %s THEN 1 END)
  FROM collections_app_link link
  JOIN django_session session ON session.session_key = %s AND session.expire_date > %s
  JOIN collections_app_collection collection ON collection.id = link.collection_id
  JOIN collections_app_run run ON run.id = (
       SELECT MAX(newest.id) FROM collections_app_run newest
        WHERE newest.collection_id = collection.id AND newest.status <> 'cancelled')
  LEFT JOIN collections_app_workunit unit ON unit.run_id = run.id
 WHERE link.id = %s AND link.revoked_at IS NULL AND link.expires_at > %s
 GROUP BY link.id, collection.id, run.id
"""
FORM = re.compile(
    r'"(?P<link>[0-9]{1,18})-(?P<until>[0-9]{1,12})-(?P<language>[a-z]{2}(?:-[a-z]{2,8})?)'
    r'-(?P<admission>[0-9a-f]{32})-[0-9a-f]{32}"'
)
# Then the poll goes the whole way again, which keeps the visit going or finds that it is over.
SECONDS_GOOD = 60


@dataclass(frozen=True)
class Standing:
    """`tag` stays the same as long as the link is good and the newest run and its units are as they were.

    `only_counts` says that the run is collecting, so that nothing but its units has anything to show.
    """

    tag: str
    run: int
    only_counts: bool
    language: str


def standing_of(link_id: int, *, holder: str, language: str) -> Standing | None:
    """How it stands for the one who was let in just now; None when there is nothing to name.

    The tag names the link, how long it is good and the language of the page, and only who has SECRET_KEY can
    make it: whoever shows it again with the same `holder` (the key of the browser's session) was let in
    within SECONDS_GOOD.
    """
    admitted = f"{link_id}-{int(timezone.now().timestamp()) + SECONDS_GOOD}-{language}"
    found = _found(link_id, holder)
    return _named(admitted, _mac("admission", admitted, holder), found, language) if found else None


def shown_again(tag: str, *, holder: str) -> Standing | None:
    """How it stands now, for one who shows a tag that this holder was given a short while ago.

    None for every other: its request has to prove itself anew. The link may have been closed since, or the
    session ended.
    """
    given = FORM.fullmatch(tag)
    if given is None or int(given["until"]) <= timezone.now().timestamp():
        return None
    admitted = f"{given['link']}-{given['until']}-{given['language']}"
    if not hmac.compare_digest(given["admission"], _mac("admission", admitted, holder)):
        return None
    found = _found(int(given["link"]), holder)
    return _named(admitted, given["admission"], found, given["language"]) if found else None


def _found(link_id: int, holder: str) -> tuple[Any, ...] | None:
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(QUERY, [now, holder, now, link_id, now])
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def _named(admitted: str, admission: str, found: tuple[Any, ...], language: str) -> Standing:
    tag = f'"{admitted}-{admission}-{_mac("standing", admission, repr(found))}"'
    return Standing(tag, run=found[0], only_counts=bool(found[1]), language=language)


def _mac(*words: str) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), repr(words).encode(), sha256).hex()[:32]

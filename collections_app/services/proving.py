"""The code that a lender may require: mailed to the invited address, and typed in before anything is shown.

The code is known to the mail alone. It is kept as a keyed hash, because a plain hash of six digits is undone
in no time, and it stands in no event, log, session or address.
"""

import logging
import secrets
from datetime import timedelta
from smtplib import SMTPException

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext

from collections_app import events, secret_keys
from collections_app.events import Who
from collections_app.models import Collection, Link, LinkCode
from collections_app.services.mailing import letter

logger = logging.getLogger(__name__)

DIGITS = 6
LIFE = timedelta(minutes=10)
MOST_TRIES = 5
PAUSE = timedelta(minutes=1)
# With five tries each, an hour of asking and guessing finds one code in forty thousand.
MOST_AN_HOUR = 5


class CodeNotSent(Exception):
    """No code went out; the message says why, and what to do."""


def code_send(*, link: Link, by: Who) -> None:
    """Mails a new code to the invited address; earlier codes of the link stop working.

    Raises CodeNotSent when the last one is too fresh, when there were too many, and when the mail failed.
    """
    code, kept = _code_create(link)
    collection = link.collection
    context = {
        "collection": collection,
        "lender": collection.lender,
        "code": f"{code[:3]} {code[3:]}",
        "minutes": LIFE.seconds // 60,
    }
    message = letter("code", to=[collection.borrower_email], context=context, about=collection)
    try:
        message.send()
    except (SMTPException, OSError) as error:
        kept.delete()
        logger.warning("A code for %s could not be mailed (%s).", collection.reference, type(error).__name__)
        events.record(collection, "code.mail_failed", by=Who.worker(), why=type(error).__name__)
        raise CodeNotSent(
            gettext(
                "The mail with the code could not be sent just now. Wait a minute, then ask for it again."
            )
        ) from None
    events.record(collection, "code.mailed", by=by, to=collection.borrower_email)


@transaction.atomic
def _code_create(link: Link) -> tuple[str, LinkCode]:
    """A code and its row. The collection's lock keeps two who press at once from getting one each."""
    Collection.objects.select_for_update().get(pk=link.collection_id)
    now = timezone.now()
    LinkCode.objects.filter(link=link, sent_at__lt=now - timedelta(days=1)).delete()
    newest = newest_code(link)
    if newest and newest.sent_at > now - PAUSE:
        raise CodeNotSent(
            gettext("A code was sent less than a minute ago. Give the mail a moment, then ask for another.")
        )
    if link.codes.filter(sent_at__gt=now - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        raise CodeNotSent(
            gettext("Too many codes were asked for with this link. Wait an hour, then ask for another.")
        )
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    kept = LinkCode(link=link, sent_at=now)
    kept.code_hash = _code_hashes(kept, code)[0]
    kept.save(force_insert=True)
    return code, kept


def code_check(*, link: Link, code: str, by: Who) -> None:
    """Accepts the newest code once. Raises ValidationError with what to do for any other."""
    newest = newest_code(link)
    if newest is None or not is_live(newest):
        raise ValidationError(gettext("This code no longer works. Ask for a new one and enter that."))
    # A try is taken before it is looked at, so that many at once are no more than five.
    live = LinkCode.objects.filter(pk=newest.pk, used_at=None, tries__lt=MOST_TRIES)
    if not live.update(tries=F("tries") + 1):
        raise ValidationError(gettext("This code no longer works. Ask for a new one and enter that."))
    newest.refresh_from_db()
    if not any(constant_time_compare(bytes(newest.code_hash), each) for each in _code_hashes(newest, code)):
        events.record(link.collection, "code.refused", by=by, number=newest.tries)
        raise ValidationError(_wrong(left=MOST_TRIES - newest.tries))
    if not LinkCode.objects.filter(pk=newest.pk, used_at=None).update(used_at=timezone.now()):
        raise ValidationError(gettext("This code was used already. Ask for a new one and enter that."))
    events.record(link.collection, "code.accepted", by=by)


def _wrong(left: int) -> str:
    if not left:
        return gettext("The code was wrong five times and no longer works. Ask for a new one and enter that.")
    return gettext("This is not the code that was sent last. Compare it with the newest mail and try again.")


def newest_code(link: Link) -> LinkCode | None:
    """The code that was sent last, live or not; no earlier one works."""
    return link.codes.order_by("-pk").first()


def is_live(code: LinkCode) -> bool:
    """Whether the code can still be entered."""
    return code.used_at is None and code.tries < MOST_TRIES and code.sent_at > timezone.now() - LIFE


def _code_hashes(kept: LinkCode, code: str) -> list[bytes]:
    """Keyed, and of this one mail alone: the same digits sent another time have another hash.

    The first is stored; another web server may have stored one of the others while SECRET_KEY is changed.
    """
    text = f"{kept.link_id}:{kept.sent_at.isoformat()}:{code}"
    salt = "collections_app.link_code"
    return [salted_hmac(salt, text, secret=key, algorithm="sha256").digest() for key in secret_keys.known()]

"""Who may enter, and where they land."""

import hmac
from collections.abc import Mapping

from intacct.sandbox.company import Company, User
from intacct.sandbox.errors import (
    company_unknown,
    sender_not_authorized,
    sign_in_incorrect,
    web_services_off,
)
from intacct.sandbox.request import Login


def location_for(company: Company, user: User, wanted: str) -> str | None:
    """The level a sign-in lands at: an entity's id, empty for the top level, None where it is refused.

    A user limited to a single entity has no top level and lands in that entity.
    """
    if not wanted:
        return user.entities[0] if len(user.entities) == 1 else ""
    entity = company.entities.get(wanted)
    if entity is None or entity.status != "active" or (user.entities and wanted not in user.entities):
        return None
    return wanted


def admit_sender(company: Company, sender_id: str, user_id: str) -> None:
    """Raise unless the company takes requests from this sender at all. Without a list, every known sender
    is taken.
    """
    if not company.web_services:
        raise web_services_off(user_id, company.id)
    if company.authorized_senders is not None and sender_id not in company.authorized_senders:
        raise sender_not_authorized(sender_id, user_id, company.id)


def sign_in(companies: Mapping[str, Company], sender_id: str, login: Login) -> tuple[Company, User, str]:
    """The company, the user and the location of a login; raises GatewayRefusal or SignInFailure."""
    company = companies.get(login.company_id)
    if company is None:
        raise company_unknown()
    admit_sender(company, sender_id, login.user_id)
    user = company.users.get(login.user_id)
    if user is None or not same_secret(user.password, login.password) or user.status != "active":
        raise sign_in_incorrect(login.user_id, login.company_id)
    location = location_for(company, user, login.location or "")
    if location is None:
        raise sign_in_incorrect(login.user_id, login.company_id)
    return company, user, location


def same_secret(expected: str, given: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(expected.encode(), given.encode())

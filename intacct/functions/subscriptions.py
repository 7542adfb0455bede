"""What a company has and prefers, and what its users may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lxml import etree

from intacct.errors import UnreadableReply
from intacct.functions.aging import day_of
from intacct.functions.function import NamedFunction
from intacct.menus import USERS
from intacct.parsing import child, required, text
from intacct.records import Grant, Preference


@dataclass(frozen=True)
class GetApplications(NamedFunction):
    """The modules that the company subscribes to, by their short names: GL, AR, AP, CS and so on."""

    name = "get_applications"

    def write(self, parent: etree._Element) -> None:
        etree.SubElement(parent, self.name)

    def read(self, data: etree._Element) -> tuple[str, ...]:
        for row in data:
            if row.tag != "application" or len(row):
                raise UnreadableReply(f"the list of applications holds {row.tag}")
        return tuple((row.text or "").strip() for row in data)


@dataclass(frozen=True)
class GetCompanyPreferences(NamedFunction):
    """The preferences of one application, "GEN" for the company's own."""

    application: str
    name = "get_companyprefs"

    def write(self, parent: etree._Element) -> None:
        etree.SubElement(parent, self.name, {"application": self.application})

    def read(self, data: etree._Element) -> tuple[Preference, ...]:
        return tuple(_preference(row) for row in data)


@dataclass(frozen=True)
class GetUserPermissions(NamedFunction):
    """What a user may do, module by module, as the roles and rights of the user add up."""

    user_id: str
    name = "getUserPermissions"
    needs = USERS

    def write(self, parent: etree._Element) -> None:
        node = etree.SubElement(parent, self.name)
        etree.SubElement(node, "userId").text = self.user_id

    def read(self, data: etree._Element) -> tuple[Grant, ...]:
        permissions = child(data, "permissions")
        if permissions is None:
            raise UnreadableReply("the answer holds no permissions")
        return tuple(
            _grant(required(module, "applicationName"), policy)
            for module in permissions.iterfind("appSubscription")
            for policy in module.iterfind("policies/policy")
        )


@dataclass(frozen=True)
class GetClosedBooksDate(NamedFunction):
    """The last day of the closed books."""

    name = "get_closedbooksdate"

    def write(self, parent: etree._Element) -> None:
        etree.SubElement(parent, self.name)

    def read(self, data: etree._Element) -> date | None:
        closed = child(data, "closedbooksdate")
        return day_of(closed) if closed is not None and text(closed, "year") else None


def _preference(row: etree._Element) -> Preference:
    if row.tag != "companypref":
        raise UnreadableReply(f"the preferences hold {row.tag}")
    return Preference(text(row, "application"), required(row, "preference"), text(row, "prefvalue"))


def _grant(application: str, policy: etree._Element) -> Grant:
    rights = text(policy, "rights")
    given = tuple(right.strip() for right in rights.split("|") if right.strip())
    return Grant(application, required(policy, "policyName"), given)

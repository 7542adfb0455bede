"""What a company is: its name, financial set-up, entities, and the user's own formats."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from intacct.errors import UnreadableReply
from intacct.formatting import DateFormat, UserFormatting
from intacct.functions.function import NamedFunction
from intacct.parsing import boolean, child, month, required, text
from intacct.records import CompanyInformation, Entity, FinancialSetup


@dataclass(frozen=True)
class GetCompanyInformation(NamedFunction):
    """Title and name of the company. The title is the company id of the sign-in."""

    name = "get_list"

    @property
    def label(self) -> str:
        return "get_list company_info"

    def write(self, parent: etree._Element) -> None:
        etree.SubElement(parent, self.name, {"object": "company_info", "maxitems": "1"})

    def read(self, data: etree._Element) -> CompanyInformation:
        row = _only(data, "company_info")
        return CompanyInformation(id=required(row, "title"), name=required(row, "name"))


@dataclass(frozen=True)
class GetFinancialSetup(NamedFunction):
    """Currencies, books and fiscal year of the company."""

    name = "getFinancialSetup"

    def write(self, parent: etree._Element) -> None:
        etree.SubElement(parent, self.name)

    def read(self, data: etree._Element) -> FinancialSetup:
        row = _only(data, "financialSetup")

        def flag(name: str) -> bool:
            return boolean(required(row, name), name)

        return FinancialSetup(
            base_currency=text(row, "baseCurrency"),
            default_book=required(row, "defaultBook"),
            first_fiscal_month=month(required(row, "firstFiscalMonth"), "firstFiscalMonth"),
            multi_base_currency=flag("multiBaseCurrency"),
            multi_book=flag("multiBook"),
            multi_currency=flag("multiCurrency"),
            multi_entity=flag("multiEntityShared"),
        )


@dataclass(frozen=True)
class ReadEntityDetails(NamedFunction):
    """The entities that the signed-in user may enter; a restricted user gets fewer than the company has."""

    name = "readEntityDetails"

    def write(self, parent: etree._Element) -> None:
        etree.SubElement(parent, self.name)

    def read(self, data: etree._Element) -> tuple[Entity, ...]:
        entities = tuple(_entity(row) for row in data)
        if len({entity.id for entity in entities}) != len(entities):
            raise UnreadableReply("an entity is listed twice")
        return entities


@dataclass(frozen=True)
class ReadUserFormatting(NamedFunction):
    """How dates are written for one user."""

    user_id: str
    name = "readUserFormatting"

    def write(self, parent: etree._Element) -> None:
        node = etree.SubElement(parent, self.name)
        etree.SubElement(node, "userId").text = self.user_id

    def read(self, data: etree._Element) -> UserFormatting:
        row = _only(data, "userformatting")
        return UserFormatting(
            locale=text(row, "locale"),
            dates=DateFormat(text(row, "dateformat")),
            gmt_offset=text(row, "gmtoffset"),
            clock=text(row, "clock"),
        )


def _only(data: etree._Element, name: str) -> etree._Element:
    row = child(data, name)
    if row is None:
        raise UnreadableReply(f"the answer holds no {name}")
    return row


def _entity(row: etree._Element) -> Entity:
    if row.tag != "entity":
        raise UnreadableReply(f"the list of entities holds {row.tag}")
    first_month = text(row, "firstfiscalmonth")
    return Entity(
        id=required(row, "id"),
        name=text(row, "name"),
        currency=text(row, "currency"),
        first_fiscal_month=month(first_month, "firstfiscalmonth") if first_month else None,
    )

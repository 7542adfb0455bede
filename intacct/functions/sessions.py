"""Opening a session."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from intacct.functions.function import NamedFunction
from intacct.parsing import child, required, text


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A new session's id, the endpoint that it is bound to, and its entity, "" at the top level."""

    id: str = field(repr=False)
    endpoint: str
    entity_id: str


@dataclass(frozen=True)
class GetAPISession(NamedFunction):
    """Signs in, or goes from a top-level session into an entity. Sent alone in its request."""

    entity_id: str = ""
    name = "getAPISession"

    def write(self, parent: etree._Element) -> None:
        node = etree.SubElement(parent, self.name)
        if self.entity_id:
            etree.SubElement(node, "locationid").text = self.entity_id

    def read(self, data: etree._Element) -> OpenedSession:
        api = child(data, "api")
        api = data if api is None else api
        return OpenedSession(required(api, "sessionid"), required(api, "endpoint"), text(api, "locationid"))

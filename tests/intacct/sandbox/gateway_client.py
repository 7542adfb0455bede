"""How these tests talk to the sandbox: bytes over a socket, so that nothing of the client is trusted."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

EXCHANGES = Path(__file__).parents[1] / "exchanges"
SENDER_ID = "lenderportal"
SENDER_PASSWORD = "sender-secret-1"
BIRCHWOOD = ("BIRCHWOOD", "ws_lender", "Reader-Secret-1")
# The dates of a report, as get_trialbalance and get_accountbalances take them.
APRIL = (
    "<startdate><year>2026</year><month>04</month><day>01</day></startdate>"
    "<enddate><year>2026</year><month>04</month><day>30</day></enddate>"
)


@dataclass(frozen=True)
class Answer:
    """A reply as it came over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def xml(self) -> etree._Element:
        """The body, parsed."""
        return etree.fromstring(self.body)

    def text(self, path: str) -> str:
        """The text of one element, empty where there is none."""
        return (self.xml.findtext(path) or "").strip()


def post(
    url: str, body: str | bytes, headers: Mapping[str, str] | None = None, method: str = "POST"
) -> Answer:
    """One request on a connection of its own."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=30)
    try:
        sent = body.encode() if isinstance(body, str) else body
        connection.request(method, address.path, sent, {"Content-Type": "application/xml", **(headers or {})})
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()


def envelope(authentication: str, *functions: str, control: str = "", operation: str = "") -> str:
    """A request in the order the schema asks for. `control` is put after the control id."""
    content = "".join(
        f'<function controlid="f{number}">{function}</function>'
        for number, function in enumerate(functions, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<request><control>'
        f"<senderid>{SENDER_ID}</senderid><password>{SENDER_PASSWORD}</password><controlid>test</controlid>"
        f"{control or '<uniqueid>false</uniqueid>'}<dtdversion>3.0</dtdversion>"
        f"<includewhitespace>false</includewhitespace></control><operation{operation}>"
        f"<authentication>{authentication}</authentication><content>{content}</content></operation></request>"
    )


def login(company: str, user: str, password: str, location: str | None = None) -> str:
    """A login element; a location of None is left out."""
    entity = "" if location is None else f"<locationid>{location}</locationid>"
    names = f"<userid>{user}</userid><companyid>{company}</companyid>"
    return f"<login>{names}<password>{password}</password>{entity}</login>"


def session(identifier: str) -> str:
    """A session element."""
    return f"<sessionid>{identifier}</sessionid>"


@dataclass(frozen=True)
class SignedIn:
    """An open session and where it lives."""

    endpoint: str
    id: str

    def call(self, *functions: str) -> Answer:
        """Call functions in this session."""
        return post(self.endpoint, envelope(session(self.id), *functions))


def sign_in(
    endpoint: str, credentials: tuple[str, str, str] = BIRCHWOOD, location: str | None = None
) -> SignedIn:
    """Open a session as a client would."""
    answer = post(endpoint, envelope(login(*credentials, location), "<getAPISession/>"))
    assert answer.text("operation/result/status") == "success", answer.body.decode()
    api = "operation/result/data/api/"
    return SignedIn(answer.text(api + "endpoint"), answer.text(api + "sessionid"))


def query(object_name: str, *fields: str, rest: str = "") -> str:
    """A query function."""
    selected = "".join(f"<field>{field}</field>" for field in fields)
    return f"<query><object>{object_name}</object><select>{selected}</select>{rest}</query>"


def rows(answer: Answer) -> list[dict[str, str]]:
    """The rows of the first result, by element name."""
    data = answer.xml.find("operation/result/data")
    assert data is not None, answer.body.decode()
    return [{str(value.tag): value.text or "" for value in row} for row in data]


def attributes(answer: Answer) -> dict[str, str]:
    """The attributes of the first result's data."""
    data = answer.xml.find("operation/result/data")
    assert data is not None, answer.body.decode()
    return {str(name): str(value) for name, value in data.attrib.items()}

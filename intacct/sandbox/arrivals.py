"""A body as it came in, and the two addresses where one may."""

from dataclasses import dataclass

FIRST_PATH = "/ia/xml/xmlgw.phtml"
SESSION_PATH = "/na12/ia/xml/xmlgw.phtml"


@dataclass(frozen=True)
class Arrival:
    """A body as it came in. `host` is the name and port that the client used."""

    body: bytes
    content_type: str
    host: str
    path: str

    @property
    def address(self) -> str:
        """The endpoint the client called."""
        return f"http://{self.host}{self.path}"

    @property
    def session_endpoint(self) -> str:
        """The endpoint of sessions opened by this request: the same host, so that the client reaches it, at
        another path.
        """
        return f"http://{self.host}{SESSION_PATH}"

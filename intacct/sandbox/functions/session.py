"""getAPISession: a session, and the only endpoint where it is good."""

from lxml import etree

from intacct.sandbox.errors import sign_in_incorrect
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.replies import element, record
from intacct.sandbox.schema import sequence
from intacct.sandbox.sign_in import location_for


def _get_api_session(caller: Caller, call: etree._Element) -> Outcome:
    asked = call.find("locationid")
    location = caller.location
    if asked is not None:
        wanted = (asked.text or "").strip()
        found = location_for(caller.company, caller.user, wanted)
        if found is None:
            raise sign_in_incorrect(caller.user.id, caller.company.id)
        location = found
    session = caller.sessions.open(caller.company, caller.user, location, caller.sender_id, caller.endpoint)
    values = {"sessionid": session.id, "endpoint": session.endpoint, "locationid": session.location}
    return Outcome(element("data", record("api", values)))


FUNCTIONS = (Function("getAPISession", sequence("locationid?"), _get_api_session),)

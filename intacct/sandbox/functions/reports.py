"""readReport: the asynchronous form of a report. Only the standard one is served; the reports of the report
writer are made by a company's own people.
"""

from lxml import etree

from intacct.sandbox.errors import business_error, unprocessable
from intacct.sandbox.functions.account_balances import DIMENSIONS
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.replies import element, leaf, record
from intacct.sandbox.request import text_of
from intacct.sandbox.scans import Report
from intacct.sandbox.schema import TRUTH, any_order, one_of, sequence, whole_number

_SCHEMA = any_order(
    "report arguments? pagesize? returnFormat? waitTime? listSeparator? reportId? showStatusOnly?",
    {
        "arguments": sequence(f"{DIMENSIONS.name}?", {DIMENSIONS.name: DIMENSIONS.schema}),
        "pagesize": whole_number(1, 1000),
        "returnFormat": one_of("xml"),
        "showStatusOnly": TRUTH,
    },
    attributes={"type": one_of("interactive", "STANDARD"), "returnDef": TRUTH},
)


def _read_report(caller: Caller, call: etree._Element) -> Outcome:
    """Run the report and answer that it is pending; practice: it is ready when it is next asked for."""
    name, arguments = text_of(call, "report"), call.find(f"arguments/{DIMENSIONS.name}")
    if call.get("type") != "STANDARD" or name != DIMENSIONS.name:
        raise business_error(f"The report '{name}' does not exist.")
    if arguments is None:
        raise business_error(f"The arguments of the report '{name}' are missing.")
    rows = tuple(DIMENSIONS.run(caller, arguments).data)
    size = int(text_of(call, "pagesize", "100"))
    identifier = caller.scans.keep_report(Report(caller.company.id, caller.user.id, rows, size))
    return Outcome(element("data", record("report_results", {"REPORTID": identifier, "STATUS": "PENDING"})))


def more_of_report(caller: Caller, identifier: str) -> Outcome:
    """The next page of a report: rows named `data` inside of `report`, beside its status. After the last
    page the report is deleted.
    """
    report = caller.scans.take_report(identifier)
    if report is None or (report.company_id, report.user_id) != (caller.company.id, caller.user.id):
        raise unprocessable()
    page = report.rows[report.begin : report.begin + report.page_size]
    left = len(report.rows) - report.begin - len(page)
    if left:
        caller.scans.keep_report(report.after(len(page)), identifier)
    counts = {"count": len(page), "totalcount": len(report.rows), "numremaining": left}
    rows = (record("data", [(str(value.tag), value.text or "") for value in row]) for row in page)
    whole = element("report", *rows, leaf("STATUS", "DONE"))
    attributes = {name: str(number) for name, number in counts.items()}
    return Outcome(element("data", whole, listtype="report", **attributes))


FUNCTIONS = (Function("readReport", _SCHEMA, _read_report),)

"""A gateway that speaks Sage Intacct's XML from company folders, as strictly as the documentation.

It shares no module with the client, so that one misreading of the protocol cannot pass on both ends.
"""

from intacct.sandbox.faults import Fault
from intacct.sandbox.server import Sandbox
from intacct.sandbox.tables import CompanyFolderError

__all__ = ["CompanyFolderError", "Fault", "Sandbox"]

from collections_app.models.collection import Collection
from collections_app.models.company import Account, ScopeOption
from collections_app.models.connection import Connection
from collections_app.models.event import Event
from collections_app.models.lender import Lender, StaffMember
from collections_app.models.link import Link
from collections_app.models.operations import FailureCount, WorkerPulse
from collections_app.models.report import ReportFile, TrialBalanceLine
from collections_app.models.run import Run, WorkUnit

__all__ = [
    "Account",
    "Collection",
    "Connection",
    "Event",
    "FailureCount",
    "Lender",
    "Link",
    "ReportFile",
    "Run",
    "ScopeOption",
    "StaffMember",
    "TrialBalanceLine",
    "WorkUnit",
    "WorkerPulse",
]

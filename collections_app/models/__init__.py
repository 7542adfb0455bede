from collections_app.models.api_key import ApiKey, SentRequest
from collections_app.models.audit import AuditChain
from collections_app.models.collection import Collection
from collections_app.models.company import Account, ScopeOption
from collections_app.models.connection import Connection
from collections_app.models.data_key import DataKey
from collections_app.models.desk_view import DeskView
from collections_app.models.document import Document, DocumentRequest
from collections_app.models.event import Event
from collections_app.models.exchange import KeptExchange
from collections_app.models.grant import FiguresGrant
from collections_app.models.lender import Lender, StaffMember
from collections_app.models.link import Link
from collections_app.models.link_code import LinkCode
from collections_app.models.mapping import MappingTemplate
from collections_app.models.notice import Notice
from collections_app.models.operations import (
    FailureCount,
    PasswordAsk,
    SignInTry,
    SpentForm,
    Tally,
    WorkerPulse,
)
from collections_app.models.report import CheckResult, CollectedTable, ReportFile, TrialBalance
from collections_app.models.request_template import RequestTemplate
from collections_app.models.review import Decision, DeskStart, Note, Question
from collections_app.models.run import Run, WorkUnit
from collections_app.models.second_factor import AuthenticatorApp, RecoveryCode, RecoveryCodes
from collections_app.models.set_up import SetUpLink, SetUpTick
from collections_app.models.sharing import Attestation, Explanation
from collections_app.models.webhook import Delivery, Webhook

__all__ = [
    "CheckResult",
    "Account",
    "ApiKey",
    "Attestation",
    "AuditChain",
    "AuthenticatorApp",
    "CollectedTable",
    "Collection",
    "Connection",
    "DataKey",
    "Decision",
    "Delivery",
    "DeskStart",
    "DeskView",
    "Document",
    "DocumentRequest",
    "Event",
    "Explanation",
    "FailureCount",
    "FiguresGrant",
    "KeptExchange",
    "Lender",
    "Link",
    "LinkCode",
    "MappingTemplate",
    "Note",
    "Notice",
    "PasswordAsk",
    "RecoveryCode",
    "RecoveryCodes",
    "Question",
    "ReportFile",
    "RequestTemplate",
    "Run",
    "ScopeOption",
    "SentRequest",
    "SetUpLink",
    "SetUpTick",
    "SignInTry",
    "SpentForm",
    "StaffMember",
    "Tally",
    "TrialBalance",
    "Webhook",
    "WorkUnit",
    "WorkerPulse",
]

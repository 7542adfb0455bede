"""The gateway itself: control block, sign-in, functions, each refusing at its own level."""

import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from intacct.sandbox import errors, replies
from intacct.sandbox.arrivals import Arrival
from intacct.sandbox.catalogue import CATALOGUE
from intacct.sandbox.company import Company
from intacct.sandbox.errors import ControlFailure, FunctionFailure, GatewayRefusal, Refusal, SignInFailure
from intacct.sandbox.faults import Fault, Faults
from intacct.sandbox.functions import FUNCTIONS
from intacct.sandbox.functions.registry import Caller
from intacct.sandbox.ledger import Ledger, read_ledger
from intacct.sandbox.recorded import Recording
from intacct.sandbox.replies import Answered, Reply, Result, SignedIn
from intacct.sandbox.request import (
    FunctionCall,
    Operation,
    Request,
    document_of,
    read_request,
    request_model,
    text_of,
)
from intacct.sandbox.scans import Scans
from intacct.sandbox.sessions import Session, Sessions
from intacct.sandbox.sign_in import admit_sender, same_secret, sign_in

_MODEL = request_model({name: function.schema for name, function in FUNCTIONS.items()})


class Unwrapped(Exception):
    """An answer in JSON or CSV, which leaves without the envelope and whatever else was asked for."""

    def __init__(self, content_type: str, body: bytes) -> None:
        super().__init__(content_type)
        self.content_type = content_type
        self.body = body


class Gateway:
    """Companies behind one sender id. Safe for many requests at once."""

    def __init__(
        self,
        companies: Mapping[str, Company],
        *,
        sender_id: str,
        sender_password: str,
        session_lifetime: timedelta,
        pause: Callable[[float], object],
        reply_delay: float = 0.0,
    ) -> None:
        self._companies = companies
        self._sender_id = sender_id
        self._sender_password = sender_password
        self._pause = pause
        self._reply_delay = reply_delay
        self._in_flight: Counter[str] = Counter()
        self._ledgers: dict[str, Ledger] = {}
        self._scans = Scans()
        self._executed: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._ledger_lock = threading.Lock()
        self.sessions = Sessions(session_lifetime)
        self.faults = Faults()
        self.recordings: list[Recording] = []
        self.requests: Counter[str] = Counter()
        self.most_in_flight: Counter[str] = Counter()

    @contextmanager
    def answering(self, arrival: Arrival) -> Iterator[Reply]:
        """The reply to a body, whatever is in it; the request counts as in flight until the block ends."""
        try:
            request = read_request(document_of(arrival.body, arrival.content_type), _MODEL)
        except ControlFailure as failure:
            yield replies.control_failure(failure, None)
            return
        callers = [self._from(operation) for operation in request.operations]
        companies = {company for company, _ in callers}
        with self._lock:
            self.requests.update(call.name for call in request.functions)
            for company in companies:
                self._in_flight[company] += 1
                self.most_in_flight[company] = max(self.most_in_flight[company], self._in_flight[company])
        try:
            self._pause(self._reply_delay)
            yield self._reply(request, arrival, *callers[0])
        finally:
            with self._lock:
                self._in_flight.subtract(companies)

    def _from(self, operation: Operation) -> tuple[str, str]:
        """The company and the user of an operation, empty where its session is unknown."""
        if operation.login is not None:
            return operation.login.company_id, operation.login.user_id
        session = self.sessions.find(operation.session_id)
        return (session.company.id, session.user.id) if session is not None else ("", "")

    def _reply(self, request: Request, arrival: Arrival, company: str, user: str) -> Reply:
        for recording in self.recordings:
            if recording.answers(request):
                return recording.reply(request)
        fault = self.faults.take(company, user, tuple(call.name for call in request.functions))
        if fault is None:
            return self._answered(request, arrival, None)
        replaced = self._instead(fault)
        if replaced is not None:
            return replaced
        self._beforehand(fault, request, company)
        refusal = CATALOGUE[fault.kind][1]() if fault.kind in CATALOGUE else None
        return _after(fault, self._answered(request, arrival, refusal))

    def _beforehand(self, fault: Fault, request: Request, company: str) -> None:
        if fault.kind == "slow":
            self._pause(fault.seconds)
        elif fault.kind == "session-death":
            for operation in request.operations:
                self.sessions.end(operation.session_id)
        elif fault.kind in ("row-inserted", "row-deleted") and company in self._companies:
            name = text_of(request.functions[0].element, "object").upper()
            self._companies[company].change_rows(name, inserted=fault.kind == "row-inserted")

    def _instead(self, fault: Fault) -> Reply | None:
        if fault.kind == "down":
            return replies.page(503, "Service Temporarily Unavailable")
        if fault.kind == "html":
            return replies.page(fault.status, "Error")
        if fault.kind == "cloudflare":
            return replies.edge_timeout()
        if fault.kind in ("rate-limited", "retry-after"):
            reply = replies.gateway_refusal(errors.rate_limited())
            return replace(reply, retry_after=round(fault.seconds)) if fault.kind == "retry-after" else reply
        return None

    def _answered(self, request: Request, arrival: Arrival, refusal: Refusal | None) -> Reply:
        """The reply; a `refusal` is given wherever its level comes up."""
        try:
            if refusal is not None and not isinstance(refusal, FunctionFailure):
                raise refusal
            return self._answer(request, arrival, refusal)
        except GatewayRefusal as failure:
            return replies.gateway_refusal(failure)
        except ControlFailure as failure:
            return replies.control_failure(failure, request)
        except SignInFailure as failure:
            return replies.answer(request, [Answered(failure)] * len(request.operations))
        except Unwrapped as answer:
            return Reply(200, answer.body, answer.content_type)

    def _answer(self, request: Request, arrival: Arrival, refusal: FunctionFailure | None) -> Reply:
        logins = [operation.login for operation in request.operations if operation.login is not None]
        if any(login.company_id not in self._companies for login in logins):
            raise errors.company_unknown()
        self._check_control(request)
        answered = [self._operated(request, part, arrival, refusal) for part in request.operations]
        return replies.answer(request, answered)

    def _operated(
        self, request: Request, operation: Operation, arrival: Arrival, refusal: FunctionFailure | None
    ) -> Answered:
        """What one operation comes to; operations sign in apart, and fail apart."""
        try:
            caller, session = self._signed_in(request, operation, arrival)
            results = [self._result(request, call, caller, refusal) for call in operation.functions]
        except SignInFailure as failure:
            return Answered(failure)
        if operation.transaction and any(result.errors for result in results):
            results = [_rolled_back(result) for result in results]
        if session is not None:
            self.sessions.slide(session)
        stamp = SignedIn(caller.user.id, caller.company.id, caller.location, self.sessions.timeout())
        return Answered(stamp, tuple(results))

    def _check_control(self, request: Request) -> None:
        known = same_secret(self._sender_id, request.sender_id)
        if not same_secret(self._sender_password, request.sender_password) or not known:
            raise errors.wrong_sender()
        if request.policy_id:
            raise errors.invalid_policy(request.policy_id)

    def _signed_in(
        self, request: Request, operation: Operation, arrival: Arrival
    ) -> tuple[Caller, Session | None]:
        session: Session | None = None
        if operation.token:
            # No tokens are given out here, so every one is unknown.
            raise errors.invalid_token()
        if operation.login is not None:
            company, user, location = sign_in(self._companies, request.sender_id, operation.login)
        else:
            session = self.sessions.find(operation.session_id)
            if (
                session is None
                or session.endpoint != arrival.address
                or session.sender_id != request.sender_id
            ):
                raise errors.invalid_session(operation.session_id)
            company, user, location = session.company, session.user, session.location
            admit_sender(company, request.sender_id, user.id)
        caller = Caller(
            company=company,
            user=user,
            location=location,
            sender_id=request.sender_id,
            endpoint=arrival.session_endpoint,
            sessions=self.sessions,
            scans=self._scans,
            scope=session.id if session is not None else secrets.token_hex(8),
            ledger=lambda: self._ledger(company),
        )
        return caller, session

    def _ledger(self, company: Company) -> Ledger:
        with self._ledger_lock:
            if company.id not in self._ledgers:
                self._ledgers[company.id] = read_ledger(company)
            return self._ledgers[company.id]

    def _result(
        self, request: Request, call: FunctionCall, caller: Caller, refusal: FunctionFailure | None
    ) -> Result:
        try:
            if refusal is not None:
                raise refusal
            if request.unique:
                self._refuse_replay(caller.company.id, call.control_id)
            outcome = FUNCTIONS[call.name].run(caller, call.element)
        except FunctionFailure as failure:
            return Result(call.name, call.control_id, "failure", errors=failure.errors)
        if outcome.bare is not None:
            raise Unwrapped(*outcome.bare)
        return Result(
            call.name, call.control_id, "success", outcome.data, outcome.list_type, rows=outcome.rows
        )

    def _refuse_replay(self, company_id: str, control_id: str) -> None:
        with self._lock:
            if (company_id, control_id) in self._executed:
                raise errors.business_error(
                    f"The function with control id '{control_id}' was already executed."
                )
            self._executed.add((company_id, control_id))


def _rolled_back(result: Result) -> Result:
    if result.errors:
        return replace(result, errors=(*result.errors, errors.rolled_back()))
    return Result(result.function, result.control_id, "aborted", errors=(errors.rolled_back(),))


def _after(fault: Fault, reply: Reply) -> Reply:
    if fault.kind == "cut":
        return replace(reply, body=b"", close=True)
    if fault.kind == "truncated":
        return replace(
            reply, body=reply.body[: len(reply.body) // 2], close=True, content_length=len(reply.body)
        )
    if fault.kind == "malformed":
        return replace(reply, body=reply.body.replace(b"</control>", b"</contral>"))
    return reply

"""The borrower's journey without a browser: the same services, waited for in the foreground."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.core.management.base import CommandError
from django.utils import timezone

from collections_app import readiness, remembering, systems
from collections_app.events import Who
from collections_app.management.progress_bar import ProgressBar
from collections_app.models import Collection, Link, Run, ScopeOption
from collections_app.problems import PROBLEMS
from collections_app.progress import progress_of
from collections_app.services import collecting, connecting, intake, recovery, sharing

LOOK_AGAIN_SECONDS = 0.3
WORKER_SILENCE = timedelta(seconds=60)


@dataclass(frozen=True)
class Answers:
    """What a borrower would have typed. `scope` is a kind and an id, or None for the only one there is."""

    company_id: str
    user_id: str
    password: str
    scope: tuple[str, str] | None
    categories: Mapping[str, str]
    # Whether what is remembered of the request that this one refreshes is confirmed unseen.
    as_last_time: bool = False

    def __repr__(self) -> str:
        return f"Answers(company_id={self.company_id!r}, user_id={self.user_id!r})"


@dataclass(frozen=True)
class UnattendedJourney:
    """One collection answered by an operator. A refusal is a CommandError with the borrower's sentence."""

    collection: Collection
    by: Who
    inline: bool
    say: Callable[[str], None]
    bar: ProgressBar

    def walk(self, link: Link, answers: Answers) -> None:
        """From the link to the finished reports; a collection that is under way is joined where it stands."""
        intake.link_open(link=link, by=self.by)
        self.collection.refresh_from_db()
        if self.collection.status == Collection.Status.SUBMITTED:
            return
        if readiness.waits_to_be_shared(self.collection):
            self._share()
            return
        if self.collection.status == Collection.Status.STARTED:
            self._agree()
        if not readiness.sign_in_works(self.collection) or not self._is_collecting():
            self._sign_in(answers)
        if not self._is_collecting():
            self._choose_scope(answers.scope or self._scope_of_last_time(answers))
            self._assign(self._categories_of_last_time(answers) | dict(answers.categories))
        self._collect()

    def _is_collecting(self) -> bool:
        return self.collection.status == Collection.Status.COLLECTING

    def _agree(self) -> None:
        intake.system_choose(collection=self.collection, key=systems.SAGE_INTACCT.key, by=self.by)
        # As it was last time, where this request refreshes an earlier one; nothing is said of it otherwise.
        basis = self.collection.own_basis
        intake.review_confirm(collection=self.collection, by=self.by, name=self.by.name, own_basis=basis)
        intake.connect_confirm(collection=self.collection, by=self.by)

    def _sign_in(self, answers: Answers) -> None:
        run = connecting.connection_save(
            collection=self.collection,
            company_id=answers.company_id,
            user_id=answers.user_id,
            password=answers.password,
            by=self.by,
        )
        if run.kind == Run.Kind.VERIFY:
            self._wait_for(run, patient=False)
            self.collection.refresh_from_db()

    def _choose_scope(self, wanted: tuple[str, str] | None) -> None:
        """Takes the scope asked for, or the only one; the worker then reads its chart."""
        chosen = (self.collection.scope_kind, self.collection.scope_id)
        options = list(self.collection.scope_options.all())
        if wanted is None and len(options) > 1:
            raise CommandError(
                f"This company has several entities or books; name one of these:\n{listed(options)}"
            )
        if wanted is not None and wanted not in {(option.kind, option.identifier) for option in options}:
            unread = wanted[1] or "the whole company"
            raise CommandError(f"This user cannot read {unread}. Name one of these:\n{listed(options)}")
        kind, identifier = wanted or (options[0].kind, options[0].identifier)
        examine = readiness.run_of(self.collection, Run.Kind.EXAMINE)
        if examine is None or chosen != (kind, identifier):
            examine = intake.scope_choose(
                collection=self.collection, kind=kind, identifier=identifier, by=self.by
            )
        self._wait_for(examine, patient=False)
        self.collection.refresh_from_db()

    def _scope_of_last_time(self, answers: Answers) -> tuple[str, str] | None:
        if not answers.as_last_time:
            return None
        found = remembering.scope_of_last_time(self.collection, self.collection.scope_options.all())
        return (found.kind, found.identifier) if found else None

    def _categories_of_last_time(self, answers: Answers) -> dict[str, str]:
        if not answers.as_last_time:
            return {}
        accounts = readiness.accounts_to_assign(self.collection)
        return dict(remembering.categories_of_last_time(self.collection, accounts))

    def _assign(self, categories: Mapping[str, str]) -> None:
        """Assigns what the file says about accounts that need it; rows about others are only mentioned."""
        needed = {account.number for account in readiness.accounts_to_assign(self.collection)}
        for number in sorted(set(categories) - needed):
            self.say(f"Account {number} needs no category; its row was left out.")
        answers = {number: name for number, name in categories.items() if number in needed}
        intake.categories_assign(collection=self.collection, answers=answers, by=self.by)

    def _collect(self) -> None:
        try:
            run = intake.collection_submit(collection=self.collection, by=self.by)
        except intake.NotReady as refusal:
            raise CommandError(" ".join(refusal.reasons)) from None
        self._wait_for(run, patient=True)
        self.collection.refresh_from_db()
        if readiness.waits_to_be_shared(self.collection):
            self._share()

    def _share(self) -> None:
        """The borrower would look first and attest; an operator does it in the borrower's name, marked so."""
        sharing.collection_share(
            collection=self.collection, name=self.by.name, title="For the borrower", by=self.by
        )
        rebuild = readiness.run_of(self.collection, Run.Kind.REBUILD)
        if rebuild:
            self._wait_for(rebuild, patient=True)

    def _wait_for(self, run: Run, *, patient: bool) -> None:
        """Waits for a run's end, telling where it stands; an outage is waited out only by the patient."""
        try:
            self._follow(run, patient=patient)
        finally:
            self.bar.close()
        if run.status != Run.Status.DONE:
            raise CommandError(reason(run))

    def _follow(self, run: Run, *, patient: bool) -> None:
        while run.status in Run.LIVE:
            moved = self.inline and collecting.unit_advance(run_id=run.pk)
            run.refresh_from_db()
            self._tell(run)
            if run.status == Run.Status.WAITING and not patient:
                raise CommandError(str(PROBLEMS[run.problem].sentence))
            if not self.inline and not recovery.worker_alive(WORKER_SILENCE):
                raise CommandError("The worker has stopped. Start one, and the collection goes on by itself.")
            if run.status in Run.LIVE and not moved:
                time.sleep(LOOK_AGAIN_SECONDS)

    def _tell(self, run: Run) -> None:
        progress = progress_of(run)
        line = f"{run.get_kind_display()}: {progress.done} of {progress.planned}"
        if run.status == Run.Status.WAITING and run.retry_at:
            line += (
                f", waiting: next try in {max(0, round((run.retry_at - timezone.now()).total_seconds()))} s"
            )
        self.bar.show(line, done=progress.done, planned=progress.planned)


def reason(run: Run) -> str:
    """Why a run ended without being done, as the borrower reads it, and what to check."""
    if run.status == Run.Status.CANCELLED:
        return "The request was withdrawn or answered anew elsewhere."
    problem = PROBLEMS[run.problem]
    return " ".join(str(part) for part in (problem.sentence, *problem.checks))


def listed(options: list[ScopeOption]) -> str:
    """The scopes, one a line, with the argument that chooses each."""
    arguments = {"company": "--top-level", "entity": "--entity", "book": "--book"}
    return "\n".join(
        f"  {arguments[option.kind]} {option.identifier}".rstrip() + f"  ({option.name})"
        for option in options
    )

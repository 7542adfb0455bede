"""The order of the steps, and where in it a collection stands."""

from collections_app import readiness
from collections_app.models import Collection
from portal.flow.step import Step
from portal.steps.categories import Categories
from portal.steps.check import Check
from portal.steps.connect import Connect
from portal.steps.credentials import Credentials
from portal.steps.entity import Entity
from portal.steps.preview import Preview
from portal.steps.progress import Progress
from portal.steps.review import Review
from portal.steps.select_system import SelectSystem
from portal.steps.share_documents import ShareDocuments

ORDER: tuple[Step, ...] = (
    SelectSystem(),
    Review(),
    Connect(),
    Credentials(),
    Entity(),
    Categories(),
    Check(),
    Progress(),
    Preview(),
)
# Where the books are in a system that cannot be connected.
DOCUMENTS_ORDER: tuple[Step, ...] = (SelectSystem(), ShareDocuments())


class Journey:
    """The steps of one collection, and the one it stands at, computed from stored answers."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        order = DOCUMENTS_ORDER if readiness.documents_only(collection) else ORDER
        self.steps = tuple(step for step in order if step.is_applicable(collection))
        self._complete = {step.slug: step.is_complete(collection) for step in self.steps}

    @property
    def current(self) -> Step:
        """The first step that is not answered; the last one when all are."""
        return next((step for step in self.steps if not self._complete[step.slug]), self.steps[-1])

    def find(self, slug: str) -> Step | None:
        return next((step for step in self.steps if step.slug == slug), None)

    def can_visit(self, step: Step) -> bool:
        """Whether the step is answered or the next one to answer, and still open."""
        reached = self.steps.index(step) <= self.steps.index(self.current)
        return reached and (step is self.current or step.is_open(self.collection))

    def is_complete(self, step: Step) -> bool:
        return self._complete[step.slug]

    def number(self, step: Step) -> int:
        """The step's number, from 1."""
        return self.steps.index(step) + 1

    def before(self, step: Step) -> Step | None:
        """The step to go back to, if it can be visited: once all is answered, the page that checks it."""
        if self.current.checks_answers and step is not self.current:
            return self.current
        position = self.steps.index(step)
        earlier = self.steps[position - 1] if position else None
        return earlier if earlier and self.can_visit(earlier) else None

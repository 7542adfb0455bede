"""A status changes by one guarded update, from where it may, and leaves an event."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from collections_app import states
from collections_app.models import Collection, Run
from tests.collecting import OPERATOR, actions

ROOT = Path(__file__).parents[2]
STATED = ROOT / "collections_app" / "states.py"
# Its runs are shown and never stored.
SAMPLES = ROOT / "portal/styleguide.py"

ALLOWED_COLLECTION_MOVES = {
    ("invited", "started"),
    ("started", "collecting"),
    ("collecting", "submitted"),
    ("started", "submitted"),
    ("submitted", "started"),
    ("submitted", "withdrawn"),
    ("invited", "withdrawn"),
    ("started", "withdrawn"),
    ("collecting", "withdrawn"),
    ("collecting", "started"),
}
ALLOWED_RUN_MOVES = {
    ("queued", "running"),
    ("waiting", "running"),
    ("running", "waiting"),
    ("running", "done"),
    ("needs_operator", "done"),
    ("waiting", "waiting"),
    ("running", "needs_borrower"),
    ("waiting", "needs_borrower"),
    ("queued", "needs_operator"),
    ("running", "needs_operator"),
    ("waiting", "needs_operator"),
    ("needs_borrower", "needs_operator"),
    ("needs_borrower", "queued"),
    ("needs_operator", "queued"),
    ("queued", "cancelled"),
    ("running", "cancelled"),
    ("waiting", "cancelled"),
    ("needs_borrower", "cancelled"),
    ("needs_operator", "cancelled"),
}


def pairs(statuses: list[str], reachable: list[str]) -> list[tuple[str, str]]:
    return [(before, after) for before in statuses for after in reachable]


def put(row: Collection | Run, status: str) -> None:
    """Sets the scene: the one place in the tests that does what the product must not."""
    type(row).objects.filter(pk=row.pk).update(status=status)
    row.refresh_from_db()


@pytest.mark.parametrize(
    ("before", "after"),
    pairs(Collection.Status.values, [s for s in Collection.Status.values if s != "invited"]),
)
def test_a_collection_makes_the_allowed_moves_and_no_other(
    collection: Collection, before: str, after: str
) -> None:
    put(collection, before)
    events = actions(collection)
    if (before, after) in ALLOWED_COLLECTION_MOVES:
        states.move_collection(collection, after, by=OPERATOR)
        assert collection.status == after
        assert actions(collection) == [*events, f"collection.{after}"]
    else:
        with pytest.raises(states.MoveRefused, match=collection.reference):
            states.move_collection(collection, after, by=OPERATOR)
        collection.refresh_from_db()
        assert collection.status == before
        assert actions(collection) == events


@pytest.mark.parametrize(("before", "after"), pairs(Run.Status.values, Run.Status.values))
def test_a_run_makes_the_allowed_moves_and_no_other(collection: Collection, before: str, after: str) -> None:
    run = Run.objects.create(collection=collection, kind=Run.Kind.VERIFY)
    put(run, before)
    events = actions(collection)
    if (before, after) in ALLOWED_RUN_MOVES:
        states.move_run(run, after, by=OPERATOR)
        assert run.status == after
        assert actions(collection) == [*events, f"run.{after}"]
        assert (run.finished_at is not None) == (after in ("done", "cancelled"))
    else:
        with pytest.raises(states.MoveRefused):
            states.move_run(run, after, by=OPERATOR)
        run.refresh_from_db()
        assert run.status == before
        assert actions(collection) == events


def test_nobody_can_return_a_collection_to_invited(collection: Collection) -> None:
    with pytest.raises(KeyError):
        states.move_collection(collection, Collection.Status.INVITED, by=OPERATOR)


def test_a_move_that_somebody_else_made_first_is_refused(collection: Collection) -> None:
    stale = Collection.objects.get(pk=collection.pk)
    states.move_collection(collection, Collection.Status.WITHDRAWN, by=OPERATOR)
    with pytest.raises(states.MoveRefused):
        states.move_collection(stale, Collection.Status.COLLECTING, by=OPERATOR)
    stale.refresh_from_db()
    assert stale.status == Collection.Status.WITHDRAWN


def test_a_move_changes_only_what_it_names(collection: Collection) -> None:
    stale = Collection.objects.get(pk=collection.pk)
    Collection.objects.filter(pk=collection.pk).update(unlisted_system="Named meanwhile")
    states.move_collection(stale, Collection.Status.COLLECTING, by=OPERATOR)
    collection.refresh_from_db()
    assert collection.unlisted_system == "Named meanwhile"


def test_a_caller_may_rule_a_move_out_that_others_may_make(collection: Collection) -> None:
    put(collection, "submitted")
    with pytest.raises(states.MoveRefused):
        states.move_collection(collection, "withdrawn", by=OPERATOR, never_from="submitted")
    collection.refresh_from_db()
    assert collection.status == Collection.Status.SUBMITTED


def test_a_refused_move_leaves_the_callers_transaction_usable(collection: Collection) -> None:
    put(collection, "withdrawn")
    with pytest.raises(states.MoveRefused):
        states.move_collection(collection, Collection.Status.WITHDRAWN, by=OPERATOR)
    assert Collection.objects.filter(pk=collection.pk).exists()


def test_no_status_is_written_outside_the_states_module() -> None:
    files = [*(ROOT / "collections_app").rglob("*.py"), *(ROOT / "portal").rglob("*.py")]
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in files
        if path not in (STATED, SAMPLES) and "migrations" not in path.parts
        for line in status_writes(ast.parse(path.read_text()))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "run.status = 'done'",
        "run.status, run.kind = 'done', 'verify'",
        "runs.update(status='done')",
        "Run.objects.create(collection=c, status='done')",
        "Run(status='done')",
        "setattr(run, 'status', 'done')",
        "Run.objects.bulk_update(runs, ['status'])",
        "run.save(update_fields=['status'])",
    ],
)
def test_the_search_for_status_writes_finds_them(source: str) -> None:
    assert list(status_writes(ast.parse(source))) == [1]


WRITERS = {"update", "create", "bulk_update", "update_or_create", "get_or_create", "save", "setattr"}
ROWS = {"Collection", "Run"}


def status_writes(tree: ast.AST) -> Iterator[int]:
    """The lines on which a status is assigned, by whatever means."""
    for node in ast.walk(tree):
        if _assigns(node) or _passes(node):
            yield node.lineno  # type: ignore[attr-defined]


def _assigns(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "status" and isinstance(node.ctx, ast.Store)


def _passes(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    named = any(keyword.arg == "status" for keyword in node.keywords)
    quoted = any(isinstance(part, ast.Constant) and part.value == "status" for part in ast.walk(node))
    return (name in WRITERS and (named or quoted)) or (name in ROWS and named)

"""A lender's layouts are taken in as versions, and no version ever changes."""

import json

import pytest
from django.core.exceptions import ValidationError

from collections_app.models import Lender, MappingTemplate
from collections_app.reports import mapping_json
from collections_app.selectors import mapping_template_called
from collections_app.services.mapping import template_export
from tests import factories
from tests.collections_app.mapping import NAME, SPREAD, relabeled, spread, stored


def test_a_stored_version_comes_out_as_it_went_in(lender: Lender) -> None:
    template = stored(lender)
    assert (template.name, template.version, template.created_by) == (NAME, 1, "a test")
    assert json.loads(template_export(template)) == json.loads(SPREAD)
    assert template.content_hash == mapping_json.content_hash(template.layout)


def test_the_same_document_again_is_the_same_version(lender: Lender) -> None:
    assert stored(lender).pk == stored(lender, json.dumps(json.loads(SPREAD), indent=8)).pk


def test_a_change_under_the_same_version_is_refused_with_the_next_number(lender: Lender) -> None:
    stored(lender)
    with pytest.raises(ValidationError) as refusal:
        stored(lender, relabeled("Something else"))
    assert refusal.value.messages == [
        "“RMA spread” has the version 1 already, and versions are never changed. "
        "Give this document the version 2."
    ]
    assert stored(lender, relabeled("Something else", version=2)).version == 2


def test_a_version_is_never_changed_or_deleted(lender: Lender) -> None:
    template = stored(lender)
    template.name = "Another"
    for change in (
        template.save,
        template.delete,
        MappingTemplate.objects.all().delete,
        lambda: MappingTemplate.objects.update(name="Another"),
    ):
        with pytest.raises(TypeError, match="written once"):
            change()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("no JSON", "The template is not a JSON document."),
        (spread(schema=9), "The template must have the number 1 as its “schema”."),
        (spread(version=0), "The template's version must be 1 or more."),
        (spread(name="Spread@home"), "Give the template a name without “@” and without spaces at its ends."),
        (relabeled("\x00"), "The template has half a character or a null character in it: take it out."),
        (relabeled("\ud800"), "The template has half a character or a null character in it: take it out."),
        (spread(name="N" * 101), "Ensure this value has at most 100 characters (it has 101)."),
    ],
)
def test_a_document_with_a_fault_is_refused_in_a_sentence(lender: Lender, text: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        stored(lender, text)
    assert refusal.value.messages == [sentence]
    assert not MappingTemplate.objects.exists()


def test_two_lenders_can_have_templates_of_the_same_name(lender: Lender) -> None:
    other = factories.make_lender()
    assert stored(lender).pk != stored(other, relabeled("Otherwise")).pk
    found = mapping_template_called(other, NAME)
    assert found and found.lender == other


def test_a_template_is_called_by_name_for_the_newest_or_with_its_version(lender: Lender) -> None:
    first, second = stored(lender), stored(lender, relabeled("Something else", version=2))
    assert mapping_template_called(lender, NAME) == second
    assert mapping_template_called(lender, f"{NAME}@1") == first
    for unknown in (f"{NAME}@3", f"{NAME}@", f"{NAME}@²", "Another", f"{NAME}@{'9' * 40}"):
        assert mapping_template_called(lender, unknown) is None

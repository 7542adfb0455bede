"""A lender's template to test with: the sample spread, as a document and as a stored version."""

import json
from pathlib import Path
from typing import Any

from collections_app.models import Lender, MappingTemplate
from collections_app.services.mapping import template_import
from tests import factories
from tests.collecting import OPERATOR

SPREAD = (Path(__file__).parent / "reports" / "templates" / "rma_spread.json").read_text(encoding="utf-8")
NAME = "RMA spread"


def spread(**changes: Any) -> str:
    """The document with other fields at its top."""
    return json.dumps(json.loads(SPREAD) | changes)


def relabeled(label: str, **changes: Any) -> str:
    """The document with another label on its first row: something else is printed."""
    document = json.loads(SPREAD) | changes
    document["balance_sheet"][0]["label"] = label
    return json.dumps(document)


def stored(lender: Lender, text: str = SPREAD) -> MappingTemplate:
    return template_import(lender=lender, text=text, by=OPERATOR)


def with_a_large_id(template: MappingTemplate) -> MappingTemplate:
    """A copy of it, two versions on, whose id is found in a page only where it is meant."""
    copy = MappingTemplate.objects.get(pk=template.pk)
    copy.pk, copy.version = next(factories.numbers), template.version + 2
    MappingTemplate.objects.bulk_create([copy])
    return copy

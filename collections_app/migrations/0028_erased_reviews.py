from typing import Any

from django.db import migrations, models


def end_erased_reviews(apps: Any, schema_editor: Any) -> None:
    """What was erased before it was decided waited in the worklist for ever."""
    collections = apps.get_model("collections_app", "Collection").objects
    undecided = collections.filter(status="submitted", review__in=("", "accept?", "decline?"))
    undecided.filter(data_key__isnull=False, data_key__wrapped=None).update(review="erased")


class Migration(migrations.Migration):
    dependencies = [("collections_app", "0027_kept_rules_and_outcomes")]

    operations = [
        migrations.AlterField(
            model_name="collection",
            name="review",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not decided"),
                    ("accept?", "Acceptance proposed"),
                    ("decline?", "Declining proposed"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("erased", "Erased, never decided"),
                ],
                help_text="What the lender made of it, once it was shared.",
                max_length=10,
            ),
        ),
        migrations.RunPython(end_erased_reviews, migrations.RunPython.noop),
    ]

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def keep_the_rules(apps: Any, schema_editor: Any) -> None:
    """Each request keeps the rule of the template that it began with, as the template is today."""
    collections = apps.get_model("collections_app", "Collection").objects
    templates = apps.get_model("collections_app", "RequestTemplate").objects
    for template in templates.exclude(date_rule=""):
        rule = {
            "rule": template.date_rule,
            "count": template.date_count,
            "first_month": template.first_month,
        }
        collections.filter(template=template).update(date_rule=rule)


class Migration(migrations.Migration):
    dependencies = [
        ("collections_app", "0026_spent_forms_and_days_agreed_to"),
    ]

    operations = [
        migrations.AddField(
            model_name="collection",
            name="date_rule",
            field=models.JSONField(
                blank=True,
                editable=False,
                help_text="The template's rule for the dates, as it was then: it dates a refresh.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="collection",
            name="template",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="What the form of the request began with.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="collections_app.requesttemplate",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="earlier",
            field=models.JSONField(
                blank=True,
                help_text="How it ended each time before it was sent again, the oldest first.",
                null=True,
            ),
        ),
        migrations.RunPython(keep_the_rules, migrations.RunPython.noop),
    ]

"""What was collected is sealed under a data key of its collection; nothing of it stays in the open."""

import django.db.models.deletion
from django.db import migrations, models

from collections_app.migrations._carried_0002 import seal_everything

SEALED = ["account", "connection", "event", "scopeoption"]
OPEN_COLUMNS = {
    "account": [
        "number",
        "title",
        "account_type",
        "normal_balance",
        "closing_type",
        "closes_to",
        "active",
        "category",
        "assigned_category",
        "opening",
        "debits",
        "credits",
        "closing",
    ],
    "connection": [
        "company_id",
        "user_id",
        "company_name",
        "base_currency",
        "default_book",
        "first_fiscal_month",
        "gateway_host",
    ],
    "event": ["data"],
    "scopeoption": ["identifier", "name", "currency", "first_fiscal_month", "basis"],
    "collection": ["scope_id", "scope_name"],
}


def id_field() -> models.BigAutoField:  # type: ignore[type-arg]
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def collection_key(related_name: str, kind: type[models.ForeignKey] = models.ForeignKey) -> models.Field:  # type: ignore[type-arg]
    return kind(
        on_delete=django.db.models.deletion.CASCADE,
        related_name=related_name,
        to="collections_app.collection",
    )


class Migration(migrations.Migration):
    dependencies = [("collections_app", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("id", id_field()),
                ("wrapped", models.BinaryField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("destroyed_at", models.DateTimeField(blank=True, null=True)),
                ("destroyed_why", models.CharField(blank=True, max_length=200)),
                ("collection", collection_key("data_key", models.OneToOneField)),
            ],
        ),
        migrations.CreateModel(
            name="TrialBalance",
            fields=[
                ("id", id_field()),
                ("sealed", models.BinaryField(null=True)),
                ("start", models.DateField()),
                ("end", models.DateField()),
                ("row_count", models.PositiveIntegerField()),
                (
                    "checksum",
                    models.CharField(help_text="SHA-256 of the lines as they were read.", max_length=64),
                ),
                ("collection", collection_key("trial_balances")),
            ],
            options={
                "ordering": ["start"],
                "constraints": [
                    models.UniqueConstraint(fields=("collection", "start"), name="trial_balance_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CollectedTable",
            fields=[
                ("id", id_field()),
                ("name", models.CharField(help_text="For example general_ledger.", max_length=60)),
                ("start", models.DateField(blank=True, null=True)),
                ("end", models.DateField(blank=True, null=True)),
                ("part", models.PositiveIntegerField(default=0)),
                ("columns", models.JSONField()),
                ("row_count", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("storage_name", models.CharField(max_length=200)),
                ("collection", collection_key("tables")),
            ],
            options={
                "ordering": ["name", "start", "part"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("collection", "name", "start", "part"), name="collected_table_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("start", None)),
                        fields=("collection", "name", "part"),
                        name="collected_table_without_period_once",
                    ),
                ],
            },
        ),
        *[migrations.AddField(model, "sealed", models.BinaryField(null=True)) for model in SEALED],
        migrations.AddField(
            "account",
            "number_key",
            models.CharField(default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            "scopeoption",
            "identifier_key",
            models.CharField(default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            "connection",
            "company_key",
            models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            "collection",
            "chosen_scope",
            models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="collections_app.scopeoption",
            ),
        ),
        migrations.RunPython(seal_everything, migrations.RunPython.noop),
        migrations.AlterModelOptions("account", options={"ordering": ["pk"]}),
        migrations.RemoveConstraint("account", "account_once"),
        migrations.RemoveConstraint("scopeoption", "scope_option_once"),
        *[
            migrations.RemoveField(model, column)
            for model, columns in OPEN_COLUMNS.items()
            for column in columns
        ],
        migrations.DeleteModel("TrialBalanceLine"),
        migrations.AddConstraint(
            "account", models.UniqueConstraint(fields=("collection", "number_key"), name="account_once")
        ),
        migrations.AddConstraint(
            "scopeoption",
            models.UniqueConstraint(
                fields=("collection", "kind", "identifier_key"), name="scope_option_once"
            ),
        ),
    ]

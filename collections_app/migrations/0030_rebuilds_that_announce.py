from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collections_app", "0029_events_by_thing")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="announces",
            field=models.BooleanField(
                default=False,
                help_text="Whether at its end lenders' systems are told that everything is here: it puts "
                "what the borrower said into the files that were shared.",
            ),
        ),
    ]

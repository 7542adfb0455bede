from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collections_app", "0028_erased_reviews")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("collection", None)), fields=["about", "id"], name="event_by_thing"
            ),
        ),
    ]

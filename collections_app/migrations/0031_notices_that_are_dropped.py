from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collections_app", "0030_rebuilds_that_announce")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="dropped_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]

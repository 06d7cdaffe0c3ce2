from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("record", "0003_event_record_season_verb"),
    ]

    operations = [
        migrations.CreateModel(
            name="Follower",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
            ],
        ),
    ]

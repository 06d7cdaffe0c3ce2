from django.db import migrations


def follow_from_now(apps, schema_editor):
    """What was recorded before there were notifications is no news."""
    head = apps.get_model("record", "ChainHead").objects.filter(pk=1).first()
    follower = apps.get_model("notifications", "Follower")
    follower.objects.get_or_create(
        name="notifications", defaults={"seq": head.count if head else 0}
    )


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
        ("record", "0002_append_only"),
    ]

    operations = [migrations.RunPython(follow_from_now, migrations.RunPython.noop)]

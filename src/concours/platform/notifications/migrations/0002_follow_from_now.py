from django.db import migrations


def follow_from_now(apps, schema_editor):
    """What was recorded before there were notifications is no news."""
    head = apps.get_model("record", "ChainHead").objects.filter(pk=1).first()
    follower = apps.get_model("record", "Follower")
    for name in ("notifications", "webhooks"):
        follower.objects.get_or_create(name=name, defaults={"seq": head.count if head else 0})


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
        ("record", "0004_follower"),
    ]

    operations = [migrations.RunPython(follow_from_now, migrations.RunPython.noop)]

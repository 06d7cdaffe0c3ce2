from django.db import migrations

from concours.platform.awards import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("awards", "0003_payouts")]
    operations = [migrations.RunPython(install, remove)]

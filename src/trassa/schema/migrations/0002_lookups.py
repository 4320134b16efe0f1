"""Fields that show a field of a linked record."""

import django.db.models.deletion
from django.db import migrations, models


def reference() -> models.ForeignKey:
    """A reference to a field that may be destroyed."""
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to="schema.field",
    )


class Migration(migrations.Migration):
    dependencies = [("schema", "0001_initial")]

    operations = [
        migrations.AddField(model_name="field", name="through", field=reference()),
        migrations.AddField(model_name="field", name="shown", field=reference()),
    ]

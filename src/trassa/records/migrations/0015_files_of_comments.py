"""Files that comments carry."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("records", "0014_merges")]

    operations = [
        migrations.AddField(
            model_name="file",
            name="comment",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="records.comment",
            ),
        ),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(
                condition=Q(comment__isnull=False), fields=["comment"], name="records_file_comment"
            ),
        ),
        migrations.AddConstraint(
            model_name="file",
            constraint=models.CheckConstraint(
                condition=Q(comment__isnull=True) | Q(record__isnull=False, field_id__isnull=True),
                name="records_file_comment_beside_fields",
            ),
        ),
    ]

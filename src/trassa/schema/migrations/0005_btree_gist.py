"""Links with periods: the database keeps periods of one record apart."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("schema", "0004_card_tabs")]

    operations = [BtreeGistExtension()]

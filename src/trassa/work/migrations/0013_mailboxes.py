from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0012_other_calendars"),
    ]

    operations = [
        migrations.AddField(
            model_name="channelchoice",
            name="refused_email",
            field=models.TextField(blank=True, default=""),
        ),
    ]

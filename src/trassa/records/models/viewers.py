"""Who looks at a card at the moment. Nothing rests on it: the table is not logged and empty after a crash."""

from django.db import models


class Viewer(models.Model):
    """A person with the card of a record open, as of the last sign of their browser."""

    pk = models.CompositePrimaryKey("record_id", "person_id")
    record = models.ForeignKey("records.Anchor", models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", db_index=False)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "records_viewer"

    def __str__(self) -> str:
        return f"{self.person_id} looks at {self.record_id}"

"""Lists that people take along: what was asked for, how far it is, and the file that came of it."""

from django.db import models


class Export(models.Model):
    """One list on its way into a file, seen by its person; the file is an upload that goes after a day."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    type = models.ForeignKey("schema.RecordType", models.CASCADE, related_name="+")
    format = models.CharField(max_length=4, choices=[("xlsx", "XLSX"), ("csv", "CSV")])
    #: Codes of fields and base columns, in order.
    columns = models.JSONField()
    #: `{"filters": [[field, operation, value]], "text", "order", "where": tree or null}`.
    query = models.JSONField()
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    done = models.IntegerField(default=0)
    #: Rows to come; null when there are more than are counted.
    total = models.IntegerField(null=True)
    file = models.ForeignKey("records.File", models.SET_NULL, null=True, related_name="+")
    problem = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "records_export"
        indexes = [models.Index(fields=["person", "-id"], name="records_export_own")]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"

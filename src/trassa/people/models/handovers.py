"""Hand-overs: whose work went to whom, what stayed, and what undoing needs."""

from django.db import models
from django.db.models.functions import Now


class HandOver(models.Model):
    """Work of one person that went to others in one transaction."""

    class State(models.TextChoices):
        #: Waits for its job, or is being carried out.
        ORDERED = "ordered"
        DONE = "done"
        FAILED = "failed"
        UNDOING = "undoing"
        UNDONE = "undone"

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    actor = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.ORDERED)
    language = models.CharField(max_length=2)
    #: In order: `{part, shares: {person id: share}, where}`; parts with the name of their source in front.
    assignments = models.JSONField()
    #: Part → its name, in the language of who handed over.
    labels = models.JSONField(default=dict)
    #: Source → `{given: {part: {person id: count}}, left: [{part, reason, count, names}], memo}`.
    result = models.JSONField(default=dict)
    #: The same of undoing it.
    undone = models.JSONField(default=dict)
    problem = models.TextField(default="")
    #: How much it is about to move; of much a job takes care.
    total = models.IntegerField()
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_handover"
        indexes = [models.Index(fields=["-id"], name="people_handover_newest")]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.ORDERED, self.State.UNDOING)

    @property
    def moved(self) -> int:
        """How much went to others."""
        given = [counts for each in self.result.values() for counts in each["given"].values()]
        return sum(count for counts in given for count in counts.values())


class HandOverProgress(models.Model):
    """How much of a hand-over is done while its transaction lasts; gone with it.

    It refers to no row: that of the hand-over is locked meanwhile.
    """

    hand_over = models.BigIntegerField(primary_key=True)
    done = models.IntegerField()

    class Meta:
        db_table = "people_handover_progress"

    def __str__(self) -> str:
        return f"{self.hand_over}: {self.done}"

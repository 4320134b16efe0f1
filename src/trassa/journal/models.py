"""Tables of history, checkpoints and the outbox. Code reads and writes them through SQL of this room.

No foreign keys lead out of here: history outlives what it tells of. Triggers keep entries and
checkpoints append-only. See docs/decisions/0005-outbox.md and 0007-history.md.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now


class JournalEntry(models.Model):
    """One line of history. `at` is when it happened for people, `recorded_at` when it was stored."""

    pk = models.CompositePrimaryKey("stream_kind", "stream_id", "seq")
    stream_kind = models.TextField(db_collation="C")
    stream_id = models.BigIntegerField()
    seq = models.IntegerField()
    kind = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField(null=True)
    cause = models.JSONField()
    changes = models.JSONField()
    #: Random secret of the entry's digests; null once something was erased.
    salt = models.BinaryField(null=True)
    #: {"digests": {erased key: digest}, "salts": {kept key: salt}} once something was erased.
    erased = models.JSONField(null=True)
    hash = models.BinaryField()

    class Meta:
        db_table = "journal_entry"
        indexes = [
            BrinIndex(fields=["recorded_at"], name="journal_entry_recorded", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.stream_kind} {self.stream_id} #{self.seq}: {self.kind}"


class JournalHead(models.Model):
    """The last entry of a stream; its row is the lock under which the stream grows."""

    pk = models.CompositePrimaryKey("stream_kind", "stream_id")
    stream_kind = models.TextField(db_collation="C")
    stream_id = models.BigIntegerField()
    seq = models.IntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "journal_head"

    def __str__(self) -> str:
        return f"{self.stream_kind} {self.stream_id} #{self.seq}"


class Checkpoint(models.Model):
    """A link of the chain over all streams: covers every head that moved since the checkpoint before."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    #: Entries recorded before this moment are covered by this checkpoint or an earlier one.
    horizon = models.DateTimeField()
    heads = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "journal_checkpoint"

    def __str__(self) -> str:
        return f"checkpoint {self.number}"


class CheckpointHead(models.Model):
    """Where one stream stood at a checkpoint."""

    pk = models.CompositePrimaryKey("stream_kind", "stream_id", "seq")
    stream_kind = models.TextField(db_collation="C")
    stream_id = models.BigIntegerField()
    seq = models.IntegerField()
    checkpoint = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "journal_checkpoint_head"
        indexes = [
            models.Index(fields=["checkpoint", "stream_kind", "stream_id"], name="journal_checkpoint_heads"),
        ]

    def __str__(self) -> str:
        return f"{self.stream_kind} {self.stream_id} #{self.seq} at checkpoint {self.checkpoint}"


class OutboxMessage(models.Model):
    """Something that happened and has not been told yet; the relay deletes it once it has.

    A message whose handler failed is parked for that one handler: `subscriber` names it, `next_attempt_at`
    says when it is tried again.
    """

    id = models.BigAutoField(primary_key=True)
    event = models.TextField()
    payload = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())
    subscriber = models.TextField(null=True)
    attempts = models.IntegerField(db_default=0)
    next_attempt_at = models.DateTimeField(null=True)
    error = models.TextField(db_default="")

    class Meta:
        db_table = "journal_outbox"
        indexes = [
            models.Index(
                fields=["id"], name="journal_outbox_fresh", condition=models.Q(next_attempt_at__isnull=True)
            ),
            models.Index(
                fields=["next_attempt_at"],
                name="journal_outbox_parked",
                condition=models.Q(next_attempt_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id}: {self.event}"

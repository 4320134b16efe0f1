"""Comments on records, what hangs on them, and who watches a record.

Their history stands in the record's stream; the rows are what is shown now. See
docs/decisions/0035-discussion.md.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Comment(models.Model):
    """What somebody wrote about a record: plain text with line breaks."""

    record = models.ForeignKey("records.Anchor", models.CASCADE, related_name="+", db_index=False)
    author = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    #: May be empty beside files; without them it has been erased.
    text = models.TextField()
    #: The comment that this one answers, and the one with which their thread began; None where nothing is.
    answers = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", db_index=False)
    thread = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "records_comment"
        indexes = [
            models.Index(fields=["record", "-id"], name="records_comment_record"),
            models.Index(
                fields=["deleted_at"],
                name="records_comment_deleted",
                condition=models.Q(deleted_at__isnull=False),
            ),
            models.Index(
                fields=["thread", "id"],
                name="records_comment_thread",
                condition=models.Q(thread__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Mention(models.Model):
    """Somebody whom a comment names by `@login`; `word` is the login as it stands in the text."""

    pk = models.CompositePrimaryKey("comment_id", "person_id")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    word = models.CharField(max_length=64)

    class Meta:
        db_table = "records_mention"

    def __str__(self) -> str:
        return f"@{self.word}"


class Reaction(models.Model):
    """What somebody thinks of a comment, without words."""

    class Kind(models.TextChoices):
        AGREE = "agree", _("I agree")
        DISAGREE = "disagree", _("I disagree")
        DONE = "done", _("It is done")
        LOOKING = "looking", _("I am on it")
        THANKS = "thanks", _("Thank you")

    pk = models.CompositePrimaryKey("comment_id", "person_id", "kind")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField()

    class Meta:
        db_table = "records_reaction"
        constraints = [
            models.CheckConstraint(
                name="records_reaction_known",
                condition=models.Q(kind__in=["agree", "disagree", "done", "looking", "thanks"]),
            )
        ]

    def __str__(self) -> str:
        return self.kind


class Watch(models.Model):
    """Whether somebody wants to hear what is said about a record.

    Owners and participants hear of it without a row; a muted one keeps them from it.
    """

    pk = models.CompositePrimaryKey("record_id", "person_id")
    record = models.ForeignKey("records.Anchor", models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    muted = models.BooleanField(default=False)
    since = models.DateTimeField()

    class Meta:
        db_table = "records_watch"

    def __str__(self) -> str:
        return f"{self.person_id} watches {self.record_id}"

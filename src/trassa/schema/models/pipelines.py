"""Pipelines, their stages and what it takes to move between them."""

from django.db import models

from trassa.schema.models.record_types import CODE_PATTERN


class Pipeline(models.Model):
    """A way of a type's records through stages. Its code is unique over all types."""

    type = models.ForeignKey("schema.RecordType", models.CASCADE, related_name="pipelines")
    code = models.CharField(max_length=49, unique=True)
    label = models.JSONField()
    position = models.IntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="schema_pipeline_code", condition=models.Q(code__regex=CODE_PATTERN)),
        ]

    def __str__(self) -> str:
        return self.code


class Stage(models.Model):
    """One column of a board."""

    class Meaning(models.TextChoices):
        OPEN = "open"
        WON = "won"
        LOST = "lost"

    pipeline = models.ForeignKey(Pipeline, models.CASCADE, related_name="stages")
    code = models.CharField(max_length=49)
    label = models.JSONField()
    color = models.CharField(max_length=7, blank=True, default="")
    meaning = models.CharField(max_length=4, choices=Meaning, default=Meaning.OPEN)
    position = models.IntegerField(default=0)
    reason_required = models.BooleanField(default=False)
    #: Durations as text: how long a record may stay, from its entry or from `deadline_field`; how long
    #: before its end it counts as soon due; how long behind it the owner's head should know.
    deadline = models.CharField(max_length=40, blank=True, default="")
    deadline_field = models.ForeignKey("schema.Field", models.SET_NULL, null=True, related_name="+")
    deadline_warning = models.CharField(max_length=40, blank=True, default="")
    deadline_escalation = models.CharField(max_length=40, blank=True, default="")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="schema_stage_code_once", fields=["pipeline", "code"]),
            # The target of the foreign key by which a record's stage must belong to its pipeline.
            models.UniqueConstraint(name="schema_stage_of_pipeline", fields=["id", "pipeline"]),
            models.CheckConstraint(name="schema_stage_code", condition=models.Q(code__regex=CODE_PATTERN)),
            models.CheckConstraint(
                name="schema_stage_meaning", condition=models.Q(meaning__in=["open", "won", "lost"])
            ),
        ]

    def __str__(self) -> str:
        return self.code


class StageItem(models.Model):
    """One thing of a stage's checklist."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="items")
    code = models.CharField(max_length=49)
    label = models.JSONField()
    #: A record may leave for the next stage only when it is done; a loss asks for nothing.
    required = models.BooleanField(default=False)
    position = models.IntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="schema_stageitem_code_once", fields=["stage", "code"]),
            models.CheckConstraint(
                name="schema_stageitem_code", condition=models.Q(code__regex=CODE_PATTERN)
            ),
        ]

    def __str__(self) -> str:
        return self.code


class StageRequirement(models.Model):
    """A field that must be filled before a record may enter a stage."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="requirements")
    field = models.ForeignKey("schema.Field", models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="schema_stagerequirement_once", fields=["stage", "field"]),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} needs {self.field_id}"


class StageCondition(models.Model):
    """A condition that a record must meet before it may enter a stage, and what to say when it does not."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="conditions")
    code = models.CharField(max_length=49)
    #: A stored tree of the expression language.
    condition = models.JSONField()
    message = models.JSONField(default=dict)
    position = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="schema_stagecondition_once", fields=["stage", "code"]),
            models.CheckConstraint(
                name="schema_stagecondition_code", condition=models.Q(code__regex=CODE_PATTERN)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} if {self.code}"


class StageTransition(models.Model):
    """A permitted move. A stage without any may be followed by every other."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="transitions")
    next_stage = models.ForeignKey(Stage, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="schema_stagetransition_once", fields=["stage", "next_stage"]),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} → {self.next_stage_id}"


class Reason(models.Model):
    """Why a record was lost; offered by stages that ask for one."""

    pipeline = models.ForeignKey(Pipeline, models.CASCADE, related_name="reasons")
    code = models.CharField(max_length=49)
    label = models.JSONField()
    position = models.IntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="schema_reason_code_once", fields=["pipeline", "code"]),
            models.CheckConstraint(name="schema_reason_code", condition=models.Q(code__regex=CODE_PATTERN)),
        ]

    def __str__(self) -> str:
        return self.code

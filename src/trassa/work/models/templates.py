"""Templates of tasks: named ones, that people begin a task with and rules give."""

from django.db import models


class TaskTemplate(models.Model):
    """What tasks of one sort are like. The code never changes."""

    code = models.TextField(unique=True)
    #: What it is called, by language.
    label = models.JSONField()
    #: The type of the records that its tasks are about; None for tasks about anything, or nothing.
    type_id = models.BigIntegerField(null=True)
    #: What the tasks are like, by the names of TemplateSettings, in codes.
    definition = models.JSONField()
    position = models.IntegerField(default=0)
    #: Offered in the form of a new task.
    is_active = models.BooleanField(default=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "work_task_template"

    def __str__(self) -> str:
        return self.code

"""Departments: a tree; the scope «branch» is a department with everything below it."""

from django.db import models


class Department(models.Model):
    """A part of the company. The actions keep the tree free of loops."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    head = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="headed_departments"
    )
    #: None: that of the nearest department above, or the company's.
    calendar = models.ForeignKey(
        "people.Calendar", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: A retired department is offered nowhere; records that name it keep it.
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_department_not_its_own_parent",
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""Grants: what the holders of a role may do, and where.

Roles add up and nothing denies. See docs/decisions/0008-rights.md.
"""

from django.db import models
from django.db.models import Q

from trassa.access.types import GrantSpec, Scope, Verb


class Grant(models.Model):
    """One permission of a role. An empty place means «every»."""

    role = models.ForeignKey("people.Role", on_delete=models.CASCADE, related_name="+")
    verb = models.CharField(max_length=8)
    scope = models.CharField(max_length=10)
    type = models.ForeignKey("schema.RecordType", on_delete=models.CASCADE, null=True, related_name="+")
    pipeline = models.ForeignKey("schema.Pipeline", on_delete=models.CASCADE, null=True, related_name="+")
    stage = models.ForeignKey("schema.Stage", on_delete=models.CASCADE, null=True, related_name="+")
    field = models.ForeignKey("schema.Field", on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["role", "verb", "scope", "type", "pipeline", "stage", "field"],
                nulls_distinct=False,
                name="access_grant_once",
            ),
            models.CheckConstraint(
                name="access_grant_verb_known", condition=Q(verb__in=[verb.value for verb in Verb])
            ),
            models.CheckConstraint(
                name="access_grant_scope_known", condition=Q(scope__in=[scope.value for scope in Scope])
            ),
            models.CheckConstraint(
                name="access_grant_place_complete",
                condition=(Q(stage=None) | Q(pipeline__isnull=False))
                & (Q(pipeline=None) | Q(type__isnull=False)),
            ),
            models.CheckConstraint(
                name="access_grant_field_without_scope",
                condition=Q(field=None)
                | Q(verb__in=["see", "edit"], scope="all", type__isnull=False, pipeline=None, stage=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role_id}: {self.verb} {self.scope}"

    @property
    def spec(self) -> GrantSpec:
        """What this grant permits."""
        return GrantSpec(
            verb=Verb(self.verb),
            scope=Scope(self.scope),
            type_id=self.type_id,
            pipeline_id=self.pipeline_id,
            stage_id=self.stage_id,
            field_id=self.field_id,
        )

"""Roles: names that grants hang on (the grants themselves live in the room `access`)."""

from django.db import models
from django.utils import translation


class Role(models.Model):
    """A named set of rights. `label` holds the name by language: {"ru": …, "en": …}."""

    code = models.CharField(max_length=64, unique=True)
    label = models.JSONField(default=dict)
    #: A retired role gives no rights; who held it and what it permitted stays for its return.
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        language = (translation.get_language() or "ru")[:2]
        return str(self.label.get(language) or self.label.get("ru") or self.label.get("en") or self.code)

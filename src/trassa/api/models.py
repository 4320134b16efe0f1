"""Storage of the room `api`: answers kept for repeated requests."""

from django.db import models
from django.db.models.functions import Now


class IdempotencyKey(models.Model):
    """A request that was carried out, with its answer; written and read by `trassa.api.idempotency`."""

    #: "token:12" or "person:5".
    caller = models.TextField()
    key = models.TextField()
    request_hash = models.BinaryField()
    #: Empty only inside the transaction that carries the request out.
    status = models.PositiveSmallIntegerField(null=True)
    response = models.BinaryField(null=True)
    location = models.TextField(default="", db_default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="api_idempotencykey_once"),
        ]
        indexes = [models.Index(fields=["created_at"], name="api_idempotencykey_age")]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"

"""API tokens. The text of a token is shown once; only its digest is stored."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from trassa.kernel import now


class ApiToken(models.Model):
    """A program's key to the API, acting as its person within its scopes."""

    SCOPES = ("read", "write", "admin")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=200)
    #: SHA-256 of the token's text.
    digest = models.BinaryField(max_length=32, unique=True)
    #: The first characters of the text, by which people tell tokens apart.
    prefix = models.CharField(max_length=12)
    scopes = ArrayField(models.CharField(max_length=16))
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    #: Written at most once a minute.
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_apitoken_scopes_known",
                condition=models.Q(scopes__contained_by=["read", "write", "admin"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

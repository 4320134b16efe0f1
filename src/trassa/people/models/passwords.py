"""Links by which people set their password themselves. A link is shown once; only its digest is stored."""

from django.db import models

from trassa.kernel import now


class PasswordLink(models.Model):
    """One link, made by an administrator for one person; it works once and for a while."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="password_links")
    #: SHA-256 of the link's secret.
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"password link of person {self.person_id}"

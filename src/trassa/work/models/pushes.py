"""Browsers that take messages, and the key with which this installation proves itself to them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class PushKey(models.Model):
    """The one key pair for web push (VAPID): browsers that have subscribed know the public half."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    #: The uncompressed point, in base64url.
    public = models.TextField()
    #: The private half as PEM, sealed; see `trassa.kernel.sealing`.
    sealed = models.TextField()

    class Meta:
        db_table = "work_push_key"
        constraints = [models.CheckConstraint(name="work_push_key_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.public


class PushSubscription(models.Model):
    """A browser in which a person is signed in and wants messages; it ends with the session."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey("people.Session", on_delete=models.CASCADE, related_name="+")
    #: Where the browser's maker takes messages for it.
    endpoint = models.TextField(unique=True)
    #: The browser's public key and its secret, in base64url: only it can read what is sent.
    p256dh = models.TextField()
    auth = models.TextField()
    #: As the browser calls itself.
    agent = models.TextField(default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "work_push_subscription"

    def __str__(self) -> str:
        return f"{self.person_id}: {self.endpoint[:60]}"

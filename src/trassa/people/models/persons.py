"""Persons: everybody who signs in. A person is never deleted, only dismissed.

Logins are stored in lower case and the database insists on it, so the plain unique index makes them
unique whatever the case, and looking one up is an equality.
"""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from trassa.kernel import now


class Person(AbstractBaseUser):
    """Somebody who works with the system."""

    class Language(models.TextChoices):
        RUSSIAN = "ru", _("Russian")
        ENGLISH = "en", _("English")

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    login = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True, default="")
    phone = models.CharField(max_length=32, blank=True, default="")
    department = models.ForeignKey(
        "people.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    #: None: that of the nearest department above, or the company's.
    calendar = models.ForeignKey(
        "people.Calendar", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(max_length=2, choices=Language, default=Language.RUSSIAN)
    theme = models.CharField(max_length=5, choices=Theme, default=Theme.AUTO)
    #: Nothing else can be done before another password is chosen.
    must_change_password = models.BooleanField(default=False)
    #: Where this person begins: a key or an address as in `Place`; "" leaves it to the roles.
    start_page = models.CharField(max_length=500, blank=True, default="")
    #: Keys of entries that stand first in this person's menu, in their order.
    pinned = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    #: Keys of the blocks of this person's home page in their order, with a "-" before those put away.
    home = ArrayField(models.CharField(max_length=101), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    roles = models.ManyToManyField("people.Role", through="people.PersonRole", related_name="holders")

    #: The number of the rights revision when this row was read by `people.queries`; None otherwise.
    rights_revision: int | None = None

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_person_login_lower_case",
                condition=models.Q(login=Lower("login")) & ~models.Q(login=""),
            ),
            models.CheckConstraint(
                name="people_person_language_known", condition=models.Q(language__in=["ru", "en"])
            ),
            models.CheckConstraint(
                name="people_person_theme_known", condition=models.Q(theme__in=["auto", "light", "dark"])
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PersonRole(models.Model):
    """A role held by a person."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="held_roles")
    role = models.ForeignKey("people.Role", on_delete=models.PROTECT, related_name="held_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "role"], name="people_personrole_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role_id}"

"""Places: where people with a role begin, and how their menu is arranged.

Menus name what they show by the keys of the navigation ("board.sales"); what is behind a key, and whether
somebody may open it, is not known here.
"""

from django.db import models


class Place(models.Model):
    """The place of one role; a role without a row has no wishes."""

    role = models.OneToOneField("people.Role", on_delete=models.CASCADE, related_name="place")
    #: Key of a place to go to, or an address of this installation; "" for the usual first page.
    start = models.CharField(max_length=500, blank=True, default="")
    #: Groups in order: `{code, label: {ru, en}, entries: [keys]}`.
    menu = models.JSONField(default=list)
    #: Keys that the menu leaves out.
    hidden = models.JSONField(default=list)
    #: Own names of entries: key → `{ru, en}`.
    labels = models.JSONField(default=dict)
    #: Keys of the blocks with which their home page begins, in order; none says nothing of it.
    home = models.JSONField(default=list)
    #: Of several roles that somebody holds, the one with the lower position speaks first.
    position = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"place of role {self.role_id}"

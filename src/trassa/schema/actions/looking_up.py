"""What lookups show: the path of a link and a field of the linked record, and who depends on whom.

A lookup shows no lookup, so that paths have two steps and cannot go in circles.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trassa.kernel import Invalid
from trassa.schema.actions.codes import refuse
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.kinds.settings import default_settings
from trassa.schema.models import Field, RecordType
from trassa.schema.registries import field_kinds


def find_shown(owner: RecordType, kind: FieldKind, path: str | None) -> tuple[Field, Field] | None:
    """The link and the field that "client.phone" names; raises Invalid. None for kinds that are no lookup."""
    if kind.storage != "linked":
        if path:
            refuse("shows", "no_lookup", _("Only a lookup shows the field of a linked record."))
        return None
    link_code, _dot, code = (path or "").partition(".")
    active = Field.objects.filter(retired_at=None)
    through = active.filter(type=owner, code=link_code).first()
    if through is None or not is_followed(through):
        message = _("Say what is shown as “link.field”; “%s” is no link of this type to one record.")
        raise refused(message % link_code)
    shown = active.filter(type_id=through.target_id, code=code).first()
    if shown is None:
        raise refused(_("The linked type has no field “%s”.") % code)
    if field_kinds.get(shown.kind).storage not in ("column", "links"):
        raise refused(
            _("“%s” cannot be shown through a link: its values do not lie in its own record.") % code
        )
    return through, shown


def is_followed(field: Field) -> bool:
    """Whether a lookup may go through this field: a link to one record, or to one at a time."""
    kind = field_kinds.get(field.kind)
    settings = default_settings(kind.settings) | field.settings
    one = kind.storage == "column" or (kind.storage == "periods" and bool(settings.get("exclusive")))
    return field.target_id is not None and one


def refused(message: object) -> Invalid:
    return Invalid(str(message), code="invalid_lookup")


def refuse_used(field: Field) -> None:
    """Raise Invalid while active lookups show this field or go through it."""
    users = Field.objects.filter(Q(through=field) | Q(shown=field), retired_at=None, type__retired_at=None)
    names = [f"{user.type.code}.{user.code}" for user in users.select_related("type").order_by("id")]
    if names:
        message = _("Other fields show this one. Retire them first: %s.") % ", ".join(names)
        raise Invalid(message, code="field_in_use")


def refuse_blind(field: Field) -> None:
    """Raise Invalid when a lookup comes back while what it shows is retired or gone."""
    if field_kinds.get(field.kind).storage != "linked":
        return
    for part in (field.through, field.shown):
        if part is None:
            raise Invalid(_("What this field shows does not exist any more. Add it anew."), code="gone")
        if part.retired_at or part.type.retired_at:
            name = f"{part.type.code}.{part.code}"
            raise Invalid(
                _("This field shows “%s”, which is retired. Restore it first.") % name, code="retired"
            )

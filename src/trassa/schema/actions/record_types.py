"""Changes of record types."""

from typing import Any, TypedDict, Unpack

from django.utils.translation import gettext_lazy as _

from trassa.kernel import Invalid, NotFound, now
from trassa.schema.actions.codes import RESERVED, check_code, check_label, refuse, words_of
from trassa.schema.actions.ledger import Ledger, creation
from trassa.schema.models import Field, RecordType
from trassa.schema.types import Label


class TypeDetails(TypedDict, total=False):
    """What may be said about a type beside its code."""

    label: Label
    plural: Label
    icon: str
    menu: Label
    title_template: str
    number_prefix: str
    number_width: int
    position: int


class TypeChanges(TypeDetails, total=False):
    """What may change later; `new_code` renames."""

    new_code: str


class RecordTypeActions(Ledger):
    """The part of a schema change that is about types."""

    def create_type(self, code: str, **details: Unpack[TypeDetails]) -> int:
        """Create a type with its table; `label` and `plural` are required. Gives its id."""
        check_code(code, reserved=RESERVED)
        self._refuse_taken_type(code)
        for needed in ("label", "plural"):
            if needed not in details:
                refuse(needed, "required", _("Give a name in Russian."))
        values = checked_details(details)
        row = RecordType.objects.create(code=code, **({"menu": {}} | values))
        self.touched.add(row.id)
        self.note("type", row.id, "created", creation({"code": code, **values}))
        return row.id

    def change_type(self, code: str, **changes: Unpack[TypeChanges]) -> None:
        """Change labels, icon, menu, title, numbering, position or the code; its table stays as it is."""
        row = find_type(code)
        values = checked_details(changes)
        new_code = changes.get("new_code", code)
        if new_code != code:
            check_code(new_code, reserved=RESERVED)
            self._refuse_taken_type(new_code)
            values["code"] = new_code
        changed = self.assign(row, values)
        if changed:
            row.save()
            self.touched.add(row.id)
            self.note("type", row.id, "changed", changed)

    def retire_type(self, code: str) -> None:
        """Take a type out of use; its table and records stay. Refused while other types link to it."""
        row = find_type(code)
        links = Field.objects.filter(target=row, retired_at=None, type__retired_at=None).exclude(type=row)
        names = [f"{link.type.code}.{link.code}" for link in links.select_related("type")]
        if names:
            message = _("Other types link to this one. Retire these fields first: %s.") % ", ".join(names)
            raise Invalid(message, code="type_in_use")
        row.retired_at = now()
        row.save()
        self.touched.add(row.id)
        self.note("type", row.id, "retired", {})

    def restore_type(self, code: str) -> None:
        """Bring a retired type back with all its records."""
        row = find_type(code, retired=True)
        row.retired_at = None
        row.save()
        self.touched.add(row.id)
        self.note("type", row.id, "restored", {})

    def _refuse_taken_type(self, code: str) -> None:
        taken = RecordType.objects.filter(code=code).first()
        if taken is not None and taken.retired_at:
            refuse("code", "retired", _("A retired type has this code. Restore it instead."))
        if taken is not None:
            refuse("code", "taken", _("Another type has this code."))


def find_type(code: str, *, retired: bool = False) -> RecordType:
    """The active (or the retired) type of this code; raises NotFound."""
    row = RecordType.objects.filter(code=code, retired_at__isnull=not retired).first()
    if row is None:
        raise NotFound(_("There is no type “%s”.") % code)
    return row


def checked_details(details: TypeDetails | TypeChanges) -> dict[str, Any]:
    """Values for the row, checked; labels as they are stored."""
    values: dict[str, Any] = {
        key: value for key, value in details.items() if key not in ("new_code", "label", "plural", "menu")
    }
    if not 1 <= values.get("number_width", 1) <= 12:
        refuse("number_width", "out_of_bounds", _("A number has 1 to 12 digits."))
    if "label" in details:
        values["label"] = check_label(details["label"])
    if "plural" in details:
        values["plural"] = check_label(details["plural"])
    if "menu" in details:
        values["menu"] = words_of(details["menu"])
    return values

"""Changes of fields and of the options of choices. Only kinds that keep texts change into each other."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, TypedDict, Unpack

from django.utils.translation import gettext_lazy as _

from trassa.expressions import Node, to_json
from trassa.kernel import FieldError, Invalid, NotFound, now
from trassa.schema.actions.codes import RESERVED, check_code, check_label, check_once, refuse, words_of
from trassa.schema.actions.drafts import OptionDraft
from trassa.schema.actions.expressions import EXPRESSIONS
from trassa.schema.actions.formulas import check_formula
from trassa.schema.actions.ledger import Ledger, by_code, creation
from trassa.schema.actions.looking_up import find_shown, refuse_blind, refuse_used
from trassa.schema.actions.record_types import find_type
from trassa.schema.compiler import make_field
from trassa.schema.conversions import is_convertible, read_conversion
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.kinds.settings import check_settings
from trassa.schema.metadata import Row
from trassa.schema.models import Field, Option, RecordType
from trassa.schema.registries import field_kinds
from trassa.schema.types import Label


class FieldDetails(TypedDict, total=False):
    """What may be said about a field beside code and kind. `default` is the value as JSON has it.

    Conditions and formulas come from `read_condition`, `read_default` and `read_formula` of the same change.
    """

    label: Label
    help: Label
    required: bool
    unique: bool
    read_only: bool
    restricted: bool
    sortable: bool
    default: Any
    default_formula: Node | None
    visible_when: Node | None
    required_when: Node | None
    editable_when: Node | None
    formula: Node | None
    frozen_when: Node | None
    formula_open: bool
    keeps_history: bool
    settings: dict[str, Any]
    options: Sequence[OptionDraft]
    position: int


class NewFieldDetails(FieldDetails, total=False):
    """`target` is the code of the type that a link points at, `shows` what a lookup shows, such as
    "client.phone"; neither ever changes."""

    target: str
    shows: str


class FieldChanges(FieldDetails, total=False):
    """What may change later; `new_code` renames. Options that are left out are retired."""

    new_code: str


class FieldActions(Ledger):
    """The part of a schema change that is about fields."""

    def add_field(self, type: str, code: str, kind: str, **details: Unpack[NewFieldDetails]) -> int:
        """Add a field to a type; `label` is required. Gives its id."""
        owner, facets = find_type(type), find_kind(kind)
        check_code(code, reserved=RESERVED)
        self._refuse_taken_field(owner, code)
        if "label" not in details:
            refuse("label", "required", _("Give a name in Russian."))
        target = find_target(facets, details.get("target"))
        row = Field(type=owner, code=code, kind=kind, help={}, target=target, position=owner.fields.count())
        row.through, row.shown = find_shown(owner, facets, details.get("shows")) or (None, None)
        values = self._apply_details(row, facets, details)
        row.save()
        options = self._save_options(row, facets, details.get("options", ()))
        check_default(row)
        self.touched.add(owner.id)
        words: dict[str, Any] = {"code": code, "kind": kind, "options": options[1]}
        words |= {key: details.get(key) for key in ("target", "shows")}
        words |= {key: after for key, (_before, after) in values.items()}
        self.note("field", row.id, "created", creation(words))
        return row.id

    def change_field(self, type: str, code: str, **changes: Unpack[FieldChanges]) -> None:
        """Change labels, rules, settings, options or the code of a field."""
        row = find_field(type, code)
        facets = find_kind(row.kind)
        new_code = changes.get("new_code", code)
        changed = self._apply_details(row, facets, changes)
        if new_code != code:
            check_code(new_code, reserved=RESERVED)
            self._refuse_taken_field(row.type, new_code)
            changed |= self.assign(row, {"code": new_code})
        if "unique" in changed:
            changed |= self.assign(row, {"problem": "", "finishing": False})
        row.save()
        if "options" in changes:
            before, after = self._save_options(row, facets, changes["options"])
            changed |= {"options": (before, after)} if before != after else {}
        check_default(row)
        if changed:
            self.touched.add(row.type_id)
            self.note("field", row.id, "changed", changed)

    def convert_field(self, type: str, code: str, kind: str, **changes: Unpack[FieldDetails]) -> None:
        """Make a field another kind that keeps texts as well, and change what else is given.

        Raises Invalid unless every value is just as the new kind would keep it (`queries.read_conversion`).
        """
        row = find_field(type, code)
        facets = find_kind(kind)
        if not is_convertible(row.kind, kind):
            refuse("kind", "not_convertible", _("Only kinds that keep texts can change into each other."))
        settings = changes.setdefault("settings", {})
        if not read_conversion(type, code, kind, settings).is_ready:
            refuse("kind", "values_do_not_fit", _("Some values do not fit the new kind. Correct them first."))
        changed = self.assign(row, {"kind": kind})
        changed |= self._apply_details(row, facets, changes)
        row.save()
        check_default(row)
        self.touched.add(row.type_id)
        self.note("field", row.id, "changed", changed)

    def retire_field(self, type: str, code: str) -> None:
        """Take a field out of use; its column and values stay."""
        row = find_field(type, code)
        refuse_used(row)
        row.retired_at = now()
        row.save()
        self.touched.add(row.type_id)
        self.note("field", row.id, "retired", {})

    def restore_field(self, type: str, code: str) -> None:
        """Bring a retired field back with its values."""
        row = find_field(type, code, retired=True)
        if row.target is not None and row.target.retired_at:
            raise Invalid(
                _("The type that this field links to is retired. Restore it first."), code="retired"
            )
        refuse_blind(row)
        row.retired_at = None
        row.save()
        self.touched.add(row.type_id)
        self.note("field", row.id, "restored", {})

    def destroy_field(self, type: str, code: str) -> None:
        """Delete a retired field for good. The column goes when no process reads with an older generation."""
        row = find_field(type, code, retired=True)
        row.doomed_in, row.doomed_at = self.number, now()
        row.save()
        self.touched.add(row.type_id)
        self.note("field", row.id, "destroyed", {"code": (row.code, None), "kind": (row.kind, None)})

    def retry_field(self, type: str, code: str) -> None:
        """Try again to build what could not be built, after the problem has been removed."""
        row = find_field(type, code)
        changed = self.assign(row, {"problem": ""})
        row.save()
        self.touched.add(row.type_id)
        self.note("field", row.id, "retried", changed)

    def _refuse_taken_field(self, owner: RecordType, code: str) -> None:
        taken = Field.objects.filter(type=owner, code=code, doomed_in=None).first()
        if taken is not None and taken.retired_at:
            refuse("code", "retired", _("A retired field has this code. Restore it instead."))
        if taken is not None:
            refuse("code", "taken", _("Another field of this type has this code."))

    def _apply_details(self, row: Field, kind: FieldKind, details: FieldDetails) -> dict[str, Any]:
        """Set the given details on the row, checked; gives what changed."""
        values: dict[str, Any] = {
            key: value
            for key, value in details.items()
            if key not in ("label", "help", "settings", "options", "target", "shows", "new_code")
        }
        for name in values.keys() & set(EXPRESSIONS):
            values[name] = None if values[name] is None else to_json(values[name])
        if "label" in details:
            values["label"] = check_label(details["label"])
        if "help" in details:
            values["help"] = words_of(details["help"])
        try:
            if "settings" in details:
                values["settings"] = check_settings(kind.settings, details["settings"])
        except ValueRefused as refusal:
            refuse("settings", refusal.code, refusal.message)
        changed = self.assign(row, values) if row.pk else self._assign_new(row, values)
        check_rules(row, kind)
        return changed

    def _assign_new(self, row: Field, values: dict[str, Any]) -> dict[str, Any]:
        for name, value in values.items():
            setattr(row, name, value)
        return {name: (None, value) for name, value in values.items()}

    def _save_options(
        self, row: Field, kind: FieldKind, drafts: Sequence[OptionDraft]
    ) -> tuple[list[str], list[str]]:
        """Make the options what the drafts say; gives the active codes before and after."""
        if drafts and not kind.with_options:
            refuse("options", "no_options", _("This kind of field has no options."))
        check_once(draft.code for draft in drafts)
        known = by_code(row.options.order_by("position", "id"))
        before = [code for code, option in known.items() if not option.retired_at]
        for position, draft in enumerate(drafts):
            check_code(draft.code)
            option = known.pop(draft.code, None) or Option(field=row, code=draft.code)
            option.label, option.color = check_label(draft.label), draft.color
            option.position, option.retired_at = position, None
            option.save()
        for option in known.values():
            option.retired_at = option.retired_at or now()
            option.save()
        return before, [draft.code for draft in drafts]


def find_kind(code: str) -> FieldKind:
    """The kind of this code; raises Invalid with the kinds there are."""
    kind = field_kinds.find(code)
    if kind is None:
        known = ", ".join(key for key, _kind in field_kinds.items())
        message = _("There is no such kind of field. Choose one of: %s.") % known
        raise Invalid(message, code="unknown_kind", errors=[FieldError("kind", "unknown_kind", message)])
    return kind


def find_field(type: str, code: str, *, retired: bool = False) -> Field:
    """The active (or the retired) field of this code; raises NotFound."""
    rows = Field.objects.select_related("type", "target", "through__type", "shown__type")
    row = rows.filter(type=find_type(type), code=code, doomed_in=None, retired_at__isnull=not retired).first()
    if row is None:
        raise NotFound(_("There is no field “%s”.") % f"{type}.{code}")
    return row


def find_target(kind: FieldKind, code: str | None) -> RecordType | None:
    """The type that a link points at; raises when it is missing or out of place."""
    if kind.with_target and not code:
        refuse("target", "required", _("Say which type the field links to."))
    if code and not kind.with_target:
        refuse("target", "no_target", _("Only links point at a type."))
    return find_type(code) if code else None


def check_rules(row: Field, kind: FieldKind) -> None:
    """Raise Invalid for rules that this kind does not have."""
    if kind.automatic and (row.required_when or row.editable_when or row.default_formula):
        refuse("editable_when", "not_for_kind", _("Values of this kind are given by the database."))
    check_formula(row, kind)
    if row.default is not None and row.default_formula is not None:
        refuse("default_formula", "two_defaults", _("Give either a default or a formula for it."))
    if row.unique and not kind.unique:
        refuse("unique", "not_for_kind", _("Values of this kind cannot be unique."))
    if row.sortable and not kind.sortable:
        refuse("sortable", "not_for_kind", _("Lists cannot be sorted by this kind."))
    if kind.storage == "linked" and (row.required or row.default is not None):
        refuse("required", "not_for_kind", _("Nobody fills in this kind: it is neither required nor preset."))


def check_default(row: Field) -> None:
    """Raise Invalid when the default is not a value of this field."""
    if row.default is None:
        return
    plain = {field.attname: getattr(row, field.attname) for field in Field._meta.concrete_fields}
    options: list[Row] = [*row.options.order_by("position", "id").values()]
    spec = make_field(MappingProxyType(plain), options)
    try:
        field_kinds.get(row.kind).parse(row.default, spec)
    except ValueRefused as refusal:
        refuse("default", refusal.code, refusal.message)

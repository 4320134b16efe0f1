"""The page of the preview: which look, which record, in which role, how wide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from trassa.designer.screens.heads import said
from trassa.designer.screens.settings import placed_grant_in_words
from trassa.designer.types import DraftState
from trassa.schema.types import FieldSpec
from trassa.solutions.types import RoleEntry

LOOKS: Mapping[str, str | Promise] = {
    "card": pgettext_lazy("preview", "Card"),
    "list": pgettext_lazy("preview", "List"),
    "board": pgettext_lazy("preview", "Board"),
}
WIDTHS: Mapping[bool, str | Promise] = {False: gettext_lazy("Computer"), True: gettext_lazy("Phone")}


@dataclass(frozen=True, slots=True)
class Preview:
    """What the address of the preview asks for."""

    look: str
    record_id: int | None
    is_narrow: bool
    tab: str = ""
    #: Code of the role that looks; "" for the administrator.
    role: str = ""

    @property
    def query(self) -> str:
        parts = {
            "look": self.look,
            "record": self.record_id or "",
            "role": self.role,
            "narrow": "1" if self.is_narrow else "",
        }
        return urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True, slots=True)
class PreviewPage:
    looks: Sequence[Mapping[str, object]]
    widths: Sequence[Mapping[str, object]]
    asked: Preview
    frame_url: str
    frame_title: str
    record_title: str
    #: Where records are searched for; "" for a type that has none yet.
    options_url: str
    page_url: str
    roles: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RoleNote:
    """What is said above a page that is seen in a role: what it may do there, and what it is not shown."""

    role: str
    #: Whose eyes they are; "" when nobody has the role.
    person: str
    rights: Sequence[str]
    masked: Sequence[str]


def make_note(draft: DraftState, role: RoleEntry, person: str, masked: Sequence[FieldSpec]) -> RoleNote:
    """The note of a page seen in this role, with its rights under the draft."""
    code = draft.design.type.code
    grants = [grant for grant in role.grants if grant.type in ("*", code)]
    return RoleNote(
        role=said(role.label),
        person=person,
        rights=[placed_grant_in_words(grant, draft.design) for grant in grants],
        masked=[str(field.label) for field in masked],
    )


def make_preview(draft: DraftState, asked: Preview, record_title: str) -> PreviewPage:
    page = reverse("designer:preview", args=[draft.code])

    def item(label: str | Promise, other: Preview) -> dict[str, object]:
        return {"label": label, "url": f"{page}?{other.query}", "active": other == asked}

    looks = [name for name in LOOKS if name != "board" or draft.design.pipelines]
    return PreviewPage(
        looks=[item(LOOKS[name], replace(asked, look=name)) for name in looks],
        widths=[item(label, replace(asked, is_narrow=narrow)) for narrow, label in WIDTHS.items()],
        asked=asked,
        frame_url=f"{reverse('designer:frame', args=[draft.code])}?{asked.query}",
        frame_title=_("Preview: %(page)s") % {"page": LOOKS[asked.look]},
        record_title=record_title,
        options_url="" if draft.is_new else reverse("records:options", args=[draft.code]),
        page_url=page,
        roles=[(role.code, said(role.label)) for role in draft.design.roles],
    )

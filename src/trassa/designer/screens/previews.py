"""The page of the preview: which look, which record, how wide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from trassa.designer.types import DraftState

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

    @property
    def query(self) -> str:
        parts = {"look": self.look, "record": self.record_id or "", "narrow": "1" if self.is_narrow else ""}
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
    )

"""Further layouts of a type's card. Only administrators change them; `changing_schema` sees to that."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from trassa.kernel import NotFound
from trassa.people.queries import list_retired_roles, list_roles
from trassa.schema.actions import CardDraft, changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import CardLayout, TypeSpec


def drafts_of(spec: TypeSpec) -> list[CardDraft]:
    """The layouts of a type as somebody would ask for them."""
    roles = {role.id: role.code for role in (*list_roles(), *list_retired_roles())}
    return [_draft_of(card, roles) for card in spec.layouts.cards]


def save_card(type: str, draft: CardDraft, *, actor_id: int) -> None:
    """Add a layout behind the others, or make the one of this code what the draft says."""
    known = drafts_of(_type(type))
    codes = [each.code for each in known]
    place = codes.index(draft.code) if draft.code in codes else len(known)
    _save(type, [*known[:place], draft, *known[place + 1 :]], actor_id)


def remove_card(type: str, code: str, *, actor_id: int) -> None:
    """Take a layout away: the next one that fits applies, at last the type's own card."""
    known = drafts_of(_type(type))
    if code not in [each.code for each in known]:
        raise NotFound(_("There is no such layout of the card."))
    _save(type, [each for each in known if each.code != code], actor_id)


def order_cards(type: str, codes: Iterable[str], *, actor_id: int) -> None:
    """Put the layouts into this order; those that are not named come behind."""
    order = list(codes)
    known = drafts_of(_type(type))
    _save(
        type,
        sorted(known, key=lambda each: order.index(each.code) if each.code in order else len(order)),
        actor_id,
    )


def _save(type: str, drafts: Iterable[CardDraft], actor_id: int) -> None:
    with changing_schema(actor_id=actor_id, cause={"via": "cards"}) as change:
        change.save_cards(type, drafts)


def _type(code: str) -> TypeSpec:
    spec = current_generation().types.get(code)
    if spec is None:
        raise NotFound(_("There is no type “%s”.") % code)
    return spec


def _draft_of(card: CardLayout, roles: dict[int, str]) -> CardDraft:
    generation = current_generation()
    stages = (generation.stages_by_id[id] for id in card.stage_ids)
    return CardDraft(
        card.code,
        card.label,
        card.tabs,
        roles=tuple(roles[id] for id in card.role_ids if id in roles),
        stages=tuple((generation.pipelines_by_id[each.pipeline_id].code, each.code) for each in stages),
    )

"""A type's card may be arranged anew for roles and stages; which arrangement applies is settled."""

import pytest
from tests.factories.people import make_role

from trassa.kernel import Invalid
from trassa.people.queries import get_role
from trassa.schema.actions import CardDraft, PipelineDraft, StageDraft, changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import CardLayout, CardSection, Label, Layouts, one_tab

SECTION = CardSection(Label("Главное"), ("make",))
TABS = one_tab(SECTION)


def card(code: str, roles: tuple[int, ...] = (), stages: tuple[int, ...] = ()) -> CardLayout:
    return CardLayout(code, Label(code), TABS, role_ids=roles, stage_ids=stages)


CARDS = Layouts(
    cards=(
        card("stage", stages=(10,)),
        card("seller", roles=(1,)),
        card("both", roles=(1,), stages=(11,)),
        card("head", roles=(2, 3)),
    )
)


@pytest.mark.parametrize(
    ("roles", "stage", "chosen"),
    [
        ((), None, None),
        ((), 12, None),
        ((), 10, "stage"),
        ((1,), 12, "seller"),
        # A role says more exactly than a stage, and both together than either.
        ((1,), 10, "seller"),
        ((1,), 11, "both"),
        # Of several roles the first in the order of the type's layouts.
        ((3, 1), 12, "seller"),
        ((3,), 10, "head"),
        ((3, 1), 11, "both"),
    ],
)
def test_the_most_exact_layout_applies(roles: tuple[int, ...], stage: int | None, chosen: str | None) -> None:
    found = CARDS.choose_card(roles, stage)
    assert (found.code if found else None) == chosen


@pytest.fixture
def car(db: None) -> None:
    with changing_schema(actor_id=None, cause={}) as change:
        change.create_type("car", label=Label("Автомобиль"), plural=Label("Автомобили"))
        for code in ("make", "model"):
            change.add_field("car", code, "text", label=Label(code))
        stages = (
            StageDraft("new", Label("Новый"), "#888888"),
            StageDraft("ready", Label("Готов"), "#888888"),
        )
        change.save_pipeline("car", PipelineDraft("repair", Label("Ремонт"), stages))


def save(*drafts: CardDraft) -> None:
    with changing_schema(actor_id=None, cause={}) as change:
        change.save_cards("car", drafts)


def test_layouts_follow_renamed_fields_and_lose_retired_ones(car: None) -> None:
    make_role("mechanic")
    both = CardSection(Label("Главное"), ("make", "model", "owner"))
    save(CardDraft("bench", Label("Верстак"), one_tab(both), roles=("mechanic",)))
    with changing_schema(actor_id=None, cause={}) as change:
        change.change_field("car", "make", new_code="brand")
        change.retire_field("car", "model")
    [found] = current_generation().types["car"].layouts.cards
    assert found.role_ids == (get_role("mechanic").id,)
    assert found.sections[0].fields == ("brand", "owner")


def test_a_layout_for_a_retired_stage_applies_to_nothing_until_it_is_back(car: None) -> None:
    save(CardDraft("bench", Label("Верстак"), TABS, stages=(("repair", "ready"),)))
    new = StageDraft("new", Label("Новый"), "#888888")
    with changing_schema(actor_id=None, cause={}) as change:
        change.save_pipeline("car", PipelineDraft("repair", Label("Ремонт"), (new,)))
    assert current_generation().types["car"].layouts.cards == ()
    stages = (new, StageDraft("ready", Label("Готов"), "#888888"))
    with changing_schema(actor_id=None, cause={}) as change:
        change.save_pipeline("car", PipelineDraft("repair", Label("Ремонт"), stages))
    spec = current_generation().types["car"]
    found = spec.layouts.choose_card((), spec.pipelines[0].get_stage("ready").id)
    assert found is not None
    assert found.code == "bench"


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (CardDraft("bench", Label("Верстак"), TABS), "for_nobody"),
        (CardDraft("bench", Label("Верстак"), TABS, stages=(("repair", "absent"),)), "unknown_stage"),
        (
            CardDraft("bench", Label("Верстак"), one_tab(SECTION, SECTION), stages=(("repair", "new"),)),
            "twice",
        ),
        (
            CardDraft(
                "bench",
                Label("Верстак"),
                one_tab(CardSection(Label(""), ("vin",))),
                stages=(("repair", "new"),),
            ),
            "unknown_field",
        ),
        (CardDraft("bench", Label(""), TABS, stages=(("repair", "new"),)), "required"),
    ],
)
def test_what_cannot_be_used_is_refused(car: None, draft: CardDraft, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        save(draft)
    assert refusal.value.errors[0].code == code


def test_the_own_card_and_further_ones_are_saved_apart(car: None) -> None:
    save(CardDraft("bench", Label("Верстак"), TABS, stages=(("repair", "new"),)))
    with changing_schema(actor_id=None, cause={}) as change:
        change.save_layouts("car", Layouts(card=TABS))
    layouts = current_generation().types["car"].layouts
    assert (len(layouts.cards), layouts.card_codes) == (1, ("make",))

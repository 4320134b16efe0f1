"""Discussion: who is named, answered, reacts and watches, and who is told through the outbox."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.databases import Lay
from tests.factories.people import make_person
from tests.factories.records import CAUSE, allow, create, make_actor, make_garage, restart_numbers

from trassa.access.queries import Actor, actor_of, actors_of, forget_actors, system_actor
from trassa.access.types import Scope, Verb
from trassa.journal import Stream, list_entries, verify
from trassa.journal.models import OutboxMessage
from trassa.kernel import Invalid, NotFound
from trassa.people.actions import dismiss_person
from trassa.people.queries import get_person
from trassa.records.actions.comments import add_comment, delete_comment, edit_comment
from trassa.records.actions.merging import Merging, merge_records
from trassa.records.actions.reactions import react_to_comment
from trassa.records.actions.unmerging import unmerge_records
from trassa.records.actions.watching import watch_record
from trassa.records.queries import list_history
from trassa.records.queries.audience import read_place, read_watchers, suggest_listeners
from trassa.records.queries.comments import comments_by_id, list_comments, list_versions
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _garage(lay: Lay) -> None:
    lay(make_garage)


@pytest.fixture
def seller(_garage: None, db: None) -> Actor:
    """Sees own deals only."""
    restart_numbers()
    return make_actor(*allow("deal", *Verb, scope=Scope.OWN), login="ivanov")


@pytest.fixture
def head(seller: Actor) -> Actor:
    """Sees all deals."""
    return make_actor(*allow("deal"), login="head.sales")


@pytest.fixture
def outsider(seller: Actor) -> Actor:
    """Sees own deals only, and has none."""
    return make_actor(*allow("deal", *Verb, scope=Scope.OWN), login="outsider")


@pytest.fixture
def deal(seller: Actor) -> int:
    return create("deal", actor=seller)


def spec() -> TypeSpec:
    return current_generation().types["deal"]


def say(actor: Actor, deal: int, text: str, **given: Any) -> int:
    return add_comment(actor, spec(), deal, text, cause=CAUSE, **given).id


def told(event: str) -> list[dict[str, Any]]:
    """Payloads of the event, in their order."""
    return [row.payload for row in OutboxMessage.objects.filter(event=event).order_by("id")]


def watchers(deal: int) -> set[int]:
    place = read_place(spec(), deal)
    assert place is not None
    return {each.id for each in read_watchers(deal, place).people}


def test_who_is_named_is_told_and_watches_from_then_on(seller: Actor, head: Actor, deal: int) -> None:
    id = say(seller, deal, "@head.sales, посмотрите. Почта ivanov@head.sales ни при чём, @никого тоже.")
    [line] = list_comments(deal)
    assert line.mentions == {"head.sales": head.id}
    assert told("records.comment_added") == [
        {
            "type": spec().id,
            "record": deal,
            "comment": id,
            "author": seller.id,
            "answers": None,
            "answered": None,
            "mentioned": [head.id],
            "watching": [],
        }
    ]
    assert watchers(deal) == {seller.id, head.id}


@pytest.mark.parametrize("text", ["@HEAD.SALES", "(@head.sales)", "@head.sales.", "Да, @head.sales!"])
def test_a_mention_is_found_among_signs_and_in_any_case(
    seller: Actor, head: Actor, deal: int, text: str
) -> None:
    say(seller, deal, text)
    assert list(list_comments(deal)[0].mentions.values()) == [head.id]


def test_naming_somebody_who_does_not_see_the_record_is_refused(
    seller: Actor, outsider: Actor, deal: int
) -> None:
    with pytest.raises(Invalid) as refused:
        say(seller, deal, "@outsider, гляньте")
    assert (refused.value.errors[0].field, refused.value.errors[0].code) == ("text", "mention_blind")
    assert list_comments(deal) == []
    assert told("records.comment_added") == []


def test_who_was_named_may_stay_in_a_changed_text_although_they_see_it_no_more(
    seller: Actor, head: Actor, deal: int
) -> None:
    id = say(seller, deal, "@head.sales")
    assert head.id is not None
    dismiss_person(get_person(head.id), actor_id=None)
    edit_comment(seller, spec(), deal, id, "Спасибо, @head.sales", cause=CAUSE)
    assert told("records.comment_edited")[0]["mentioned"] == []


def test_a_changed_text_tells_only_whom_it_names_anew(seller: Actor, head: Actor, deal: int) -> None:
    director = make_actor(*allow("deal"), login="director")
    id = say(seller, deal, "@head.sales")
    edit_comment(seller, spec(), deal, id, "@head.sales @director", cause=CAUSE)
    [edited] = told("records.comment_edited")
    assert edited["mentioned"] == [director.id]
    edit_comment(seller, spec(), deal, id, "Никому", cause=CAUSE)
    assert list_comments(deal)[0].mentions == {}


def test_an_answer_tells_who_is_answered_and_everybody_who_watches_once(
    seller: Actor, head: Actor, deal: int
) -> None:
    director = make_actor(*allow("deal"), login="director")
    first = say(head, deal, "Когда выезд?")
    say(seller, deal, "Завтра, @director в курсе", answers=first)
    [_first, answer] = told("records.comment_added")
    assert (answer["answers"], answer["answered"]) == (first, head.id)
    assert (answer["mentioned"], answer["watching"]) == ([director.id], [])
    say(director, deal, "Да")
    assert told("records.comment_added")[-1]["watching"] == sorted([seller.id or 0, head.id or 0])


def test_answers_form_one_thread_however_deep_they_go(seller: Actor, head: Actor, deal: int) -> None:
    first = say(head, deal, "Когда выезд?")
    second = say(seller, deal, "Завтра", answers=first)
    third = say(head, deal, "Хорошо", answers=second)
    say(head, deal, "Другое")
    thread = list_comments(deal, thread=first)
    assert [line.id for line in thread] == [third, second, first]
    assert [line.quote and line.quote.text for line in thread] == ["Завтра", "Когда выезд?", None]
    assert [line.thread_id for line in thread] == [first, first, None]
    assert thread[-1].answers == 2


def test_the_quote_of_a_deleted_comment_is_gone_and_the_answer_stays(
    seller: Actor, head: Actor, deal: int
) -> None:
    first = say(head, deal, "Тайна")
    say(seller, deal, "Понял", answers=first)
    delete_comment(head, spec(), deal, first, cause=CAUSE)
    [line] = list_comments(deal)
    assert line.quote is not None
    assert (line.quote.text, line.quote.is_gone) == ("", True)
    with pytest.raises(Invalid) as refused:
        say(seller, deal, "Ещё", answers=first)
    assert refused.value.errors[0].code == "unknown_comment"


def test_a_comment_of_another_record_cannot_be_answered(seller: Actor, deal: int) -> None:
    other = say(seller, create("deal", actor=seller), "Чужое")
    with pytest.raises(Invalid):
        say(seller, deal, "Ответ", answers=other)


def test_a_reaction_counts_once_a_person_and_tells_the_author(seller: Actor, head: Actor, deal: int) -> None:
    id = say(seller, deal, "Сделал")
    for _again in range(2):
        react_to_comment(head, spec(), deal, id, "agree", wanted=True, cause=CAUSE)
    react_to_comment(seller, spec(), deal, id, "agree", wanted=True, cause=CAUSE)
    react_to_comment(head, spec(), deal, id, "thanks", wanted=True, cause=CAUSE)
    assert comments_by_id([id])[id].reactions == {"agree": [head.id, seller.id], "thanks": [head.id]}
    reacted = [(each["person"], each["reaction"]) for each in told("records.comment_reacted")]
    assert reacted == [(head.id, "agree"), (head.id, "thanks")]
    react_to_comment(head, spec(), deal, id, "agree", wanted=False, cause=CAUSE)
    assert comments_by_id([id])[id].reactions["agree"] == [seller.id]
    assert verify(stream=Stream("record", deal)).problems == []


def test_reactions_and_watching_do_not_fill_the_timeline(seller: Actor, head: Actor, deal: int) -> None:
    id = say(seller, deal, "Сделал")
    react_to_comment(head, spec(), deal, id, "agree", wanted=True, cause=CAUSE)
    watch_record(head, spec(), deal, watching=True)
    kinds = [entry.kind for entry in list_entries(Stream("record", deal))]
    assert kinds == ["watched", "comment_reacted", "commented", "created"]
    assert [entry.kind for entry in list_history(seller, spec(), deal)] == ["commented", "created"]


@pytest.mark.parametrize("kind", ["", "love", "AGREE"])
def test_a_reaction_outside_the_set_is_refused(seller: Actor, deal: int, kind: str) -> None:
    id = say(seller, deal, "Да")
    with pytest.raises(Invalid):
        react_to_comment(seller, spec(), deal, id, kind, wanted=True, cause=CAUSE)


def test_strangers_neither_react_nor_watch(seller: Actor, outsider: Actor, deal: int) -> None:
    id = say(seller, deal, "Да")
    with pytest.raises(NotFound):
        react_to_comment(outsider, spec(), deal, id, "agree", wanted=True, cause=CAUSE)
    with pytest.raises(NotFound):
        watch_record(outsider, spec(), deal, watching=True)


def test_owner_and_participants_watch_until_they_mute_it(seller: Actor, head: Actor) -> None:
    deal = create("deal", actor=seller, fields={"appraiser": head.id})
    assert watchers(deal) == {seller.id, head.id}
    watch_record(head, spec(), deal, watching=False)
    assert watchers(deal) == {seller.id}
    say(head, deal, "Пишу и всё равно не слушаю")
    assert watchers(deal) == {seller.id}
    watch_record(head, spec(), deal, watching=True)
    assert watchers(deal) == {seller.id, head.id}


def test_who_is_dismissed_watches_nothing(seller: Actor, head: Actor, deal: int) -> None:
    say(head, deal, "Да")
    assert head.id is not None
    dismiss_person(get_person(head.id), actor_id=None)
    assert watchers(deal) == {seller.id}


def test_watches_go_with_a_merge_and_come_back(seller: Actor, head: Actor) -> None:
    first, second = create("deal", actor=seller), create("deal", actor=seller)
    watch_record(head, spec(), second, watching=True)
    merge_records(Merging("deal", into=first, source=second), actor=system_actor(), cause=CAUSE)
    assert watchers(first) == {seller.id, head.id}
    unmerge_records("deal", first, second, actor=system_actor(), cause=CAUSE)
    assert watchers(first) == {seller.id}
    assert watchers(second) == {seller.id, head.id}


def test_an_answer_given_during_a_merge_shows_nothing_of_what_went_back(seller: Actor, head: Actor) -> None:
    first, second = create("deal", actor=seller), create("deal", actor=seller)
    said = say(head, second, "Только для второй")
    merge_records(Merging("deal", into=first, source=second), actor=system_actor(), cause=CAUSE)
    say(seller, first, "Ответ", answers=said)
    unmerge_records("deal", first, second, actor=system_actor(), cause=CAUSE)
    [line] = list_comments(first)
    assert line.quote is not None
    assert line.quote.is_gone


def test_only_who_sees_the_record_is_suggested_and_who_has_to_do_with_it_comes_first(
    seller: Actor, head: Actor, outsider: Actor, deal: int
) -> None:
    make_actor(*allow("deal"), login="a.first")
    say(head, deal, "Да")
    found = [each.login for each in suggest_listeners(spec(), deal, "")]
    assert set(found[:2]) == {"ivanov", "head.sales"}
    assert found[2:] == ["a.first"]
    assert [each.login for each in suggest_listeners(spec(), deal, "sales")] == ["head.sales"]
    assert suggest_listeners(spec(), deal, "outsider") == []
    assert suggest_listeners(spec(), deal, "sales", but=head.id) == []


def test_suggesting_costs_the_same_for_few_and_many(
    seller: Actor, deal: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(12):
        make_actor(*allow("deal"))
    with django_assert_max_num_queries(9):
        assert len(suggest_listeners(spec(), deal, "")) == 8


def test_rights_of_several_people_are_those_of_each(seller: Actor, head: Actor, outsider: Actor) -> None:
    plain = make_person(is_administrator=True)
    ids = [seller.id, head.id, outsider.id, plain.id]
    people = [get_person(id) for id in ids if id is not None]
    alone = {person.id: actor_of(person) for person in people}
    forget_actors()
    together = actors_of(people)
    for id, actor in alone.items():
        other = together[id]
        assert other.reach(Verb.SEE, spec()) == actor.reach(Verb.SEE, spec())
        assert (other.everything, other.role_ids, other.branch_ids) == (
            actor.everything,
            actor.role_ids,
            actor.branch_ids,
        )


def test_every_text_of_a_comment_can_be_read_again(seller: Actor, deal: int) -> None:
    id = say(seller, deal, "Один")
    edit_comment(seller, spec(), deal, id, "Два", cause=CAUSE)
    edit_comment(seller, spec(), deal, id, "Три", cause=CAUSE)
    versions = list_versions(comments_by_id([id])[id], deal)
    assert [each.text for each in versions] == ["Три", "Два", "Один"]


def test_reading_many_comments_costs_three_queries(
    seller: Actor, head: Actor, deal: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = say(seller, deal, "@head.sales")
    for _each in range(5):
        id = say(head, deal, "Да", answers=first)
        react_to_comment(seller, spec(), deal, id, "agree", wanted=True, cause=CAUSE)
    with django_assert_num_queries(3):
        assert len(list_comments(deal)) == 6

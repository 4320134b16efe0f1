"""What grants add up to for one person."""

import pytest
from tests.factories.access import make_actor, make_field, make_pipeline, make_type, may

from trassa.access.queries import Actor, system_actor
from trassa.access.types import Reach, Row, Scope, Verb, Way

SALES = make_pipeline(10, [11, 12])
BUYOUT = make_pipeline(20, [21])
OPEN, PRICE = make_field(1, code="open"), make_field(2, code="price", restricted=True)
DEAL = make_type(1, fields=[OPEN, PRICE], pipelines=[SALES, BUYOUT])
CAR = make_type(2)


def test_a_person_without_grants_sees_nothing() -> None:
    actor = make_actor(department_id=5, branch_ids=[5])
    assert actor.reach(Verb.SEE, DEAL).nothing
    assert not actor.may(Verb.SEE, Row(type_id=1, owner_id=actor.id, department_id=5))
    assert not actor.may_create(DEAL)
    assert actor.topics([DEAL, CAR]) == frozenset()


@pytest.mark.parametrize("actor", [make_actor(everything=True), system_actor()])
def test_administrators_and_the_system_may_everything(actor: Actor) -> None:
    for verb in Verb:
        assert actor.reach(verb, DEAL).everything
        assert actor.may(verb, Row(type_id=1))
    assert actor.may_create(DEAL, SALES, SALES.stages[0])
    assert actor.visible_fields(DEAL) == actor.editable_fields(DEAL) == (OPEN, PRICE)
    assert actor.topics([DEAL, CAR]) == {"t1", "t2"}


def test_own_means_owning_or_taking_part() -> None:
    actor = make_actor([may(Verb.SEE, Scope.OWN, type=1)], id=7)
    assert actor.may(Verb.SEE, Row(type_id=1, owner_id=7))
    assert actor.may(Verb.SEE, Row(type_id=1, owner_id=8, participant_ids=frozenset({7})))
    assert not actor.may(Verb.SEE, Row(type_id=1, owner_id=8))
    assert not actor.may(Verb.SEE, Row(type_id=1))
    assert not actor.may(Verb.SEE, Row(type_id=2, owner_id=7))


def test_department_is_the_records_and_branch_goes_below() -> None:
    department = make_actor([may(Verb.SEE, Scope.DEPARTMENT)], department_id=5, branch_ids=[5, 6])
    branch = make_actor([may(Verb.SEE, Scope.BRANCH)], department_id=5, branch_ids=[5, 6])
    assert department.may(Verb.SEE, Row(type_id=1, department_id=5))
    assert not department.may(Verb.SEE, Row(type_id=1, department_id=6))
    assert branch.may(Verb.SEE, Row(type_id=1, department_id=6))
    assert not branch.may(Verb.SEE, Row(type_id=1, department_id=7))
    assert not branch.may(Verb.SEE, Row(type_id=1))


def test_departmental_grants_lead_nowhere_without_a_department() -> None:
    actor = make_actor([may(Verb.SEE, Scope.DEPARTMENT), may(Verb.SEE, Scope.BRANCH)])
    assert actor.reach(Verb.SEE, DEAL).nothing
    assert not actor.may(Verb.SEE, Row(type_id=1))


def test_what_cannot_be_seen_cannot_be_worked_on() -> None:
    actor = make_actor(
        [may(Verb.SEE, Scope.OWN), may(Verb.EDIT), may(Verb.DELETE, Scope.DEPARTMENT), may(Verb.CREATE)],
        department_id=5,
        branch_ids=[5],
    )
    assert actor.reach(Verb.EDIT, DEAL).ways == (Way(owner_id=1),)
    assert actor.reach(Verb.DELETE, DEAL).ways == (Way(owner_id=1, department_ids=(5,)),)
    assert not actor.may(Verb.EDIT, Row(type_id=1, owner_id=2))
    assert actor.may(Verb.CREATE, Row(type_id=1, owner_id=2))


def test_ways_are_as_few_as_possible() -> None:
    actor = make_actor(
        [
            may(Verb.SEE, Scope.DEPARTMENT),
            may(Verb.SEE, Scope.BRANCH, type=1),
            may(Verb.SEE, Scope.OWN, type=1, pipeline=10, stage=11),
            may(Verb.SEE, Scope.OWN, type=1, pipeline=10),
            may(Verb.SEE, Scope.ALL, type=2),
        ],
        department_id=5,
        branch_ids=[5, 6],
    )
    assert set(actor.reach(Verb.SEE, DEAL).ways) == {
        Way(department_ids=(5, 6)),
        Way(owner_id=1, pipeline_id=10),
    }
    assert actor.reach(Verb.SEE, CAR).ways == (Way(),)


def test_asking_for_a_pipeline_drops_the_others_and_stops_repeating_it() -> None:
    actor = make_actor(
        [
            may(Verb.SEE, Scope.OWN),
            may(Verb.SEE, Scope.ALL, type=1, pipeline=10, stage=12),
            may(Verb.SEE, Scope.ALL, type=1, pipeline=20),
        ]
    )
    sales = actor.reach(Verb.SEE, DEAL, SALES)
    assert sales == Reach(1, (Way(owner_id=1), Way(stage_id=12)), pipeline_id=10)
    buyout = actor.reach(Verb.SEE, DEAL, BUYOUT)
    assert buyout.everything
    assert buyout.pipeline_id == 20
    assert not actor.reach(Verb.SEE, DEAL).everything


def test_answers_are_remembered() -> None:
    actor = make_actor([may(Verb.SEE, Scope.OWN)])
    assert actor.reach(Verb.SEE, DEAL, SALES) is actor.reach(Verb.SEE, DEAL, SALES)


def test_creating_may_be_limited_to_a_stage() -> None:
    actor = make_actor([may(Verb.CREATE, Scope.OWN, type=1, pipeline=10, stage=11)])
    assert actor.may_create(DEAL)
    assert actor.may_create(DEAL, SALES)
    assert actor.may_create(DEAL, SALES, SALES.stages[0])
    assert not actor.may_create(DEAL, SALES, SALES.stages[1])
    assert not actor.may_create(DEAL, BUYOUT)
    assert not actor.may_create(CAR)
    there = {"type_id": 1, "pipeline_id": 10, "stage_id": 11}
    assert actor.may(Verb.CREATE, Row(owner_id=1, **there))
    assert not actor.may(Verb.CREATE, Row(owner_id=2, **there))


def test_a_restricted_field_opens_only_by_a_grant_on_itself() -> None:
    everything_but_fields = [may(verb) for verb in Verb]
    closed = make_actor(everything_but_fields)
    assert closed.visible_fields(DEAL) == closed.editable_fields(DEAL) == (OPEN,)
    seeing = make_actor([*everything_but_fields, may(Verb.SEE, type=1, field=2)])
    assert seeing.visible_fields(DEAL) == (OPEN, PRICE)
    assert seeing.editable_fields(DEAL) == (OPEN,)
    editing = make_actor([may(Verb.SEE, type=1, field=2), may(Verb.EDIT, type=1, field=2)])
    assert editing.editable_fields(DEAL) == (OPEN, PRICE)


def test_a_field_that_is_not_seen_is_not_edited() -> None:
    blind = make_actor([may(Verb.EDIT, type=1, field=2)])
    assert not blind.sees_field(PRICE)
    assert not blind.edits_field(PRICE)


def test_a_grant_on_a_field_opens_no_record() -> None:
    actor = make_actor([may(Verb.SEE, type=1, field=2)])
    assert actor.reach(Verb.SEE, DEAL).nothing


def test_topics_follow_what_is_seen() -> None:
    actor = make_actor(
        [
            may(Verb.SEE, Scope.OWN, type=1),
            may(Verb.SEE, Scope.BRANCH, type=1, pipeline=10),
            may(Verb.SEE, Scope.ALL, type=2),
            may(Verb.EDIT, Scope.ALL),
        ],
        id=7,
        department_id=5,
        branch_ids=[5, 6],
    )
    assert actor.topics([DEAL, CAR]) == {"t1.o7", "t1.d5", "t1.d6", "t2"}

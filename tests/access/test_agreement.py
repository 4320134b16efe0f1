"""Python and SQL must agree on what a person reaches, whatever the grants, departments and rows."""

from collections.abc import Iterator

import pytest
from django.db import connection, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.access import make_pipeline, make_type

from trassa.access.actors import Actor
from trassa.access.conditions import reach_q, restrict
from trassa.access.explanations import Case, RoleGrant, explain
from trassa.access.types import GrantSpec, Row, Scope, Verb
from trassa.schema.types import PipelineSpec

PERSONS, DEPARTMENTS = [1, 2, 3], [1, 2, 3, 4]
PIPELINES = [make_pipeline(10, [11, 12]), make_pipeline(20, [21, 22])]
STAGES = [stage for pipeline in PIPELINES for stage in pipeline.stages]


class RightsRow(models.Model):
    """The columns of a type's table that rights look at."""

    owner_id = models.BigIntegerField(null=True)
    department_id = models.BigIntegerField(null=True)
    pipeline_id = models.BigIntegerField(null=True)
    stage_id = models.BigIntegerField(null=True)

    class Meta:
        app_label = "tests"
        managed = False
        db_table = "rights_row"

    def __str__(self) -> str:
        return str(self.pk)


class RightsDocument(models.Model):
    """The same beside a record's id, as search documents have it."""

    record_id = models.BigIntegerField(primary_key=True)
    owner_id = models.BigIntegerField(null=True)
    department_id = models.BigIntegerField(null=True)
    pipeline_id = models.BigIntegerField(null=True)
    stage_id = models.BigIntegerField(null=True)

    class Meta:
        app_label = "tests"
        managed = False
        db_table = "rights_document"

    def __str__(self) -> str:
        return str(self.pk)


DEAL = make_type(1, model=RightsRow, pipelines=PIPELINES)


@pytest.fixture
def tables(db: None) -> Iterator[None]:
    columns = "owner_id bigint, department_id bigint, pipeline_id bigint, stage_id bigint"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE rights_row (id bigint PRIMARY KEY, {columns})")
        cursor.execute(f"CREATE TEMPORARY TABLE rights_document (record_id bigint PRIMARY KEY, {columns})")
        cursor.execute(
            "CREATE TEMPORARY TABLE records_participant (person_id bigint, type_id bigint, record_id bigint)"
        )
        yield
        cursor.execute("DROP TABLE rights_row, rights_document, pg_temp.records_participant")


@st.composite
def grants(draw: st.DrawFn) -> GrantSpec:
    """A grant with a complete place, on this type, another or every."""
    verb, scope = draw(st.sampled_from(Verb)), draw(st.sampled_from(Scope))
    type_id = draw(st.sampled_from([None, 1, 1, 1, 2]))
    stage = draw(st.sampled_from([None, None, *STAGES])) if type_id == 1 else None
    pipeline = draw(st.sampled_from([None, *PIPELINES])) if type_id == 1 and stage is None else None
    pipeline_id = stage.pipeline_id if stage else pipeline and pipeline.id
    return GrantSpec(verb, scope, type_id, pipeline_id, stage and stage.id)


@st.composite
def branches(draw: st.DrawFn) -> tuple[int | None, frozenset[int]]:
    """A department and everything below it, in a random tree; or none."""
    parents = {id: draw(st.sampled_from([None, *range(1, id)])) for id in DEPARTMENTS}
    department_id = draw(st.sampled_from([None, *DEPARTMENTS]))

    def is_below(id: int | None) -> bool:
        return id is not None and (id == department_id or is_below(parents[id]))

    return department_id, frozenset(id for id in DEPARTMENTS if is_below(id))


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """A row as the write path leaves it: a stage belongs to the row's pipeline."""
    stage = draw(st.sampled_from([None, *STAGES]))
    return Row(
        type_id=1,
        owner_id=draw(st.sampled_from([None, *PERSONS])),
        department_id=draw(st.sampled_from([None, *DEPARTMENTS])),
        pipeline_id=stage and stage.pipeline_id,
        stage_id=stage and stage.id,
        participant_ids=frozenset(draw(st.sets(st.sampled_from(PERSONS), max_size=2))),
    )


def store(stored: list[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE rights_row, rights_document, pg_temp.records_participant")
        values = [
            (id, row.owner_id, row.department_id, row.pipeline_id, row.stage_id)
            for id, row in enumerate(stored, start=1)
        ]
        for table in ("rights_row", "rights_document"):
            cursor.executemany(f"INSERT INTO {table} VALUES (%s, %s, %s, %s, %s)", values)
        taking_part = [
            (person_id, row.type_id, id)
            for id, row in enumerate(stored, start=1)
            for person_id in row.participant_ids
        ]
        # Taking part in another type's record opens nothing here.
        decoys = [(person_id, 2, id) for person_id in PERSONS for id in range(1, len(stored) + 1)]
        cursor.executemany("INSERT INTO records_participant VALUES (%s, %s, %s)", taking_part + decoys)


def in_pipeline(row: Row, pipeline: PipelineSpec | None) -> bool:
    return pipeline is None or row.pipeline_id == pipeline.id


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held=st.lists(grants(), max_size=6),
    branch=branches(),
    stored=st.lists(rows(), min_size=1, max_size=12),
    pipeline=st.sampled_from([None, *PIPELINES]),
)
def test_may_and_reach_agree(
    tables: None,
    held: list[GrantSpec],
    branch: tuple[int | None, frozenset[int]],
    stored: list[Row],
    pipeline: PipelineSpec | None,
) -> None:
    department_id, branch_ids = branch
    actor = Actor(id=1, name="Анна", department_id=department_id, branch_ids=branch_ids, grants=held)
    store(stored)
    for verb in Verb:
        by_python = {
            id
            for id, row in enumerate(stored, start=1)
            if actor.may(verb, row) and in_pipeline(row, pipeline)
        }
        reach = actor.reach(verb, DEAL, pipeline)
        by_sql = set(restrict(RightsRow.objects.all(), reach).values_list("id", flat=True))
        assert by_sql == by_python, verb
        documents = RightsDocument.objects.filter(reach_q(reach, pk="record_id"))
        assert set(documents.values_list("record_id", flat=True)) == by_python, verb


@settings(max_examples=300, deadline=None)
@given(held=st.lists(grants(), max_size=6), branch=branches(), row=rows(), verb=st.sampled_from(Verb))
def test_the_explanation_says_what_is_so(
    held: list[GrantSpec], branch: tuple[int | None, frozenset[int]], row: Row, verb: Verb
) -> None:
    department_id, branch_ids = branch
    actor = Actor(id=1, name="Анна", department_id=department_id, branch_ids=branch_ids, grants=held)
    case = Case(actor, row, DEAL, "Продажи", bool(held), [RoleGrant("Продавец", grant) for grant in held])
    explanation = explain(case, verb)
    assert explanation.allowed is actor.may(verb, row)
    assert all(explanation.lines)


@settings(max_examples=200, deadline=None)
@given(held=st.lists(grants(), max_size=8), branch=branches(), row=rows(), verb=st.sampled_from(Verb))
def test_simplifying_loses_and_adds_nothing(
    held: list[GrantSpec], branch: tuple[int | None, frozenset[int]], row: Row, verb: Verb
) -> None:
    """Each grant judged alone, as the rules say it, against the compiled whole."""
    department_id, branch_ids = branch
    actor = Actor(id=1, name="Анна", department_id=department_id, branch_ids=branch_ids, grants=held)

    def reaches(grant: GrantSpec) -> bool:
        in_scope = {
            Scope.OWN: row.owner_id == 1 or 1 in row.participant_ids,
            Scope.DEPARTMENT: row.department_id is not None and row.department_id == department_id,
            Scope.BRANCH: row.department_id in branch_ids,
            Scope.ALL: True,
        }[grant.scope]
        return (
            in_scope
            and grant.type_id in (None, 1)
            and grant.pipeline_id in (None, row.pipeline_id)
            and grant.stage_id in (None, row.stage_id)
        )

    def any_for(wanted: Verb) -> bool:
        return any(reaches(grant) for grant in held if grant.verb is wanted)

    expected = any_for(verb) and (verb is Verb.CREATE or any_for(Verb.SEE))
    assert actor.may(verb, row) is expected

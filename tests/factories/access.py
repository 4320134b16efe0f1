"""Builders of compiled types and actors for tests of rights; nothing here touches the database."""

from collections.abc import Iterable, Sequence

from django.db import models

from trassa.access.actors import Actor
from trassa.access.types import GrantSpec, Scope, Verb
from trassa.schema.types import FieldSpec, Label, Layouts, PipelineSpec, StageSpec, TypeSpec

NOTHING = Label("", "")


def make_field(id: int, *, type_id: int = 1, code: str = "", restricted: bool = False) -> FieldSpec:
    """A text field."""
    code = code or f"field{id}"
    label = Label(code.title(), code.title())
    return FieldSpec(
        id=id, type_id=type_id, code=code, kind="text", label=label, help=NOTHING, restricted=restricted
    )


def make_pipeline(id: int, stage_ids: Sequence[int], *, type_id: int = 1, label: str = "") -> PipelineSpec:
    """A pipeline with these stages, labelled «Стадия 11» and so on."""
    stages = tuple(
        StageSpec(
            id=stage_id,
            pipeline_id=id,
            code=f"stage{stage_id}",
            label=Label(f"Стадия {stage_id}", f"Stage {stage_id}"),
            color="",
            meaning="open",
            position=position,
        )
        for position, stage_id in enumerate(stage_ids)
    )
    named = Label(label or f"Воронка {id}", f"Pipeline {id}")
    return PipelineSpec(id=id, type_id=type_id, code=f"pipeline{id}", label=named, stages=stages)


def make_type(
    id: int = 1,
    *,
    model: type[models.Model] = models.Model,
    fields: Sequence[FieldSpec] = (),
    pipelines: Sequence[PipelineSpec] = (),
) -> TypeSpec:
    """A type called «Сделка»."""
    return TypeSpec(
        id=id,
        code=f"type{id}",
        label=Label("Сделка", "Deal"),
        plural=Label("Сделки", "Deals"),
        icon="",
        title_template="",
        number_prefix="",
        number_width=1,
        fields=tuple(fields),
        pipelines=tuple(pipelines),
        layouts=Layouts(),
        model=model,
        menu=NOTHING,
        by_code={field.code: field for field in fields},
        by_id={field.id: field for field in fields},
    )


def make_actor(
    grants: Iterable[GrantSpec] = (),
    *,
    id: int = 1,
    department_id: int | None = None,
    branch_ids: Iterable[int] = (),
    everything: bool = False,
) -> Actor:
    """A person with these grants."""
    return Actor(
        id=id,
        name="Белова Анна",
        department_id=department_id,
        branch_ids=frozenset(branch_ids),
        grants=grants,
        everything=everything,
    )


def may(verb: Verb, scope: Scope = Scope.ALL, **place: int) -> GrantSpec:
    """A grant: `may(Verb.SEE, Scope.OWN, type=1, pipeline=2)`."""
    return GrantSpec(verb, scope, **{f"{name}_id": id for name, id in place.items()})

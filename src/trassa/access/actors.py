"""An Actor: one person's rights, compiled once per rights revision and asked many times a request.

Every question is a look-up in a dictionary once it has been asked. Actors are shared between threads;
what they remember is only ever added to.
"""

from collections.abc import Iterable

from django.utils.functional import Promise

from trassa.access.types import GrantSpec, Reach, Row, Verb, Way
from trassa.access.ways import holds, intersect, simplify, way_of, within_pipeline
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, PipelineSpec, StageSpec, TypeSpec

_EVERYTHING = (Way(),)


class Actor:
    """Somebody who acts: a person with roles, an administrator, or the system itself (`id` None).

    Verbs stand for themselves, but nothing can be done with a record that cannot be seen: every verb
    except *create* reaches at most as far as *see*.
    """

    __slots__ = (
        "_fields",
        "_grants",
        "_reaches",
        "_ways",
        "branch_ids",
        "department_id",
        "everything",
        "id",
        "name",
        "rights_revision",
        "role_ids",
    )

    def __init__(
        self,
        *,
        id: int | None,
        name: str | Promise,
        department_id: int | None = None,
        branch_ids: frozenset[int] = frozenset(),
        grants: Iterable[GrantSpec] = (),
        role_ids: frozenset[int] = frozenset(),
        everything: bool = False,
        rights_revision: int | None = None,
    ) -> None:
        self.id = id
        self.name = name
        self.department_id = department_id
        #: The person's department with everything below it.
        self.branch_ids = branch_ids
        #: The roles in use that the person holds; rights come from grants, never from these.
        self.role_ids = role_ids
        #: Administrators and the system may everything.
        self.everything = everything
        #: Under which revision the rights were compiled; None for who has none, as the system.
        self.rights_revision = rights_revision
        granted = tuple(grants)
        self._grants = tuple(grant for grant in granted if grant.field_id is None)
        self._fields: dict[Verb, frozenset[int]] = {
            verb: frozenset(g.field_id for g in granted if g.field_id is not None and g.verb is verb)
            for verb in (Verb.SEE, Verb.EDIT)
        }
        self._ways: dict[tuple[Verb, int], tuple[Way, ...]] = {}
        self._reaches: dict[tuple[Verb, int, int | None], Reach] = {}

    def reach(self, verb: Verb, type_spec: TypeSpec, pipeline: PipelineSpec | None = None) -> Reach:
        """The rows of this type (in this pipeline) that the verb may be applied to."""
        key = (verb, type_spec.id, None if pipeline is None else pipeline.id)
        reach = self._reaches.get(key)
        if reach is None:
            ways = self._ways_of(verb, type_spec.id)
            if pipeline is not None:
                ways = within_pipeline(ways, pipeline.id)
            reach = self._reaches[key] = Reach(type_spec.id, ways, key[2])
        return reach

    def may(self, verb: Verb, row: Row) -> bool:
        """Whether the verb may be applied to the row as it is before the change; *create*: as it will be."""
        return self.everything or any(holds(way, row) for way in self._ways_of(verb, row.type_id))

    def may_create(
        self, type_spec: TypeSpec, pipeline: PipelineSpec | None = None, stage: StageSpec | None = None
    ) -> bool:
        """Whether this person may create records of this type at all (there): what buttons ask."""
        return any(
            (pipeline is None or way.pipeline_id in (None, pipeline.id))
            and (stage is None or way.stage_id in (None, stage.id))
            for way in self._ways_of(Verb.CREATE, type_spec.id)
        )

    def sees_field(self, field: FieldSpec) -> bool:
        """Whether the field is there for this person, on whatever records they see.

        A lookup is there when its link and the field that it shows are, too; a formula when the fields that
        it is worked out from are, unless it is declared open.
        """
        if field.restricted and not self.everything and not field.masked_by <= self._fields[Verb.SEE]:
            return False
        if field.through is None or field.shown is None:
            return True
        return self.sees_field(field.through) and self.sees_field(field.shown)

    def edits_field(self, field: FieldSpec) -> bool:
        """Whether this person may fill the field, on whatever records they edit or create.

        A field's own `read_only` is a rule of the schema, not a right. Nobody fills what is worked out.
        """
        if field.formula is not None:
            return False
        if not field.restricted or self.everything:
            return True
        return field.id in self._fields[Verb.EDIT] and field.id in self._fields[Verb.SEE]

    def visible_fields(self, type_spec: TypeSpec) -> tuple[FieldSpec, ...]:
        """The fields of the type that this person sees, in order."""
        return tuple(field for field in type_spec.fields if self.sees_field(field))

    def editable_fields(self, type_spec: TypeSpec) -> tuple[FieldSpec, ...]:
        """The fields of the type that this person may fill, in order."""
        return tuple(field for field in type_spec.fields if self.edits_field(field))

    def topics(self, types: Iterable[TypeSpec] | None = None) -> frozenset[str]:
        """The event topics that this person may listen to, of these types or of all.

        `t1` is everything of type 1, `t1.d2` what concerns department 2, `t1.o3` what person 3 owns or
        takes part in. Events carry ids and versions only; a way limited to a pipeline or stage listens to
        the whole topic and fetches through ordinary rights.
        """
        found: set[str] = set()
        for type_spec in current_generation() if types is None else types:
            for way in self.reach(Verb.SEE, type_spec).ways:
                found.update(_topics_of(way, type_spec.id))
        return frozenset(found)

    def _ways_of(self, verb: Verb, type_id: int) -> tuple[Way, ...]:
        if self.everything:
            return _EVERYTHING
        key = (verb, type_id)
        ways = self._ways.get(key)
        if ways is None:
            ways = self._granted_ways(verb, type_id)
            if verb not in (Verb.SEE, Verb.CREATE):
                ways = intersect(ways, self._ways_of(Verb.SEE, type_id))
            self._ways[key] = ways
        return ways

    def _granted_ways(self, verb: Verb, type_id: int) -> tuple[Way, ...]:
        if self.id is None:
            return ()
        opened = (
            way_of(grant, person_id=self.id, department_id=self.department_id, branch_ids=self.branch_ids)
            for grant in self._grants
            if grant.verb is verb and grant.type_id in (None, type_id)
        )
        return simplify(way for way in opened if way is not None)


def _topics_of(way: Way, type_id: int) -> list[str]:
    if way.owner_id is not None:
        return [f"t{type_id}.o{way.owner_id}"]
    if way.department_ids is not None:
        return [f"t{type_id}.d{id}" for id in way.department_ids]
    return [f"t{type_id}"]

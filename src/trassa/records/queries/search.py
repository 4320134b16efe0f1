"""Search over all types: words with Russian morphology, and parts of VINs, phones and numbers.

Selective words are found by the GIN index; of broad ones only the newest CANDIDATES are ranked.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from trassa.access.queries import Actor
from trassa.access.types import Verb, Way
from trassa.records.marks import type_mark, way_marks
from trassa.records.models import SearchDocument, SearchKey
from trassa.records.types import Hit
from trassa.schema.queries import current_generation
from trassa.schema.types import Generation, TypeSpec

#: A broad search ranks at most this many records, the newest.
CANDIDATES = 1000
MAX_TEXT = 200
MAX_WORDS = 10
_WORD = re.compile(r"\w+")
#: Cyrillic letters that look like Latin ones.
_LOOKALIKES = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")
#: Shorter pieces of a VIN or a phone are words like any other.
MIN_KEY = 4
#: The beginning of a VIN that names the maker.
MAKER_KEY = 3


def words_in(text: str) -> list[str]:
    """The words that are searched for."""
    return _WORD.findall(text[:MAX_TEXT])[:MAX_WORDS]


def complete_terms(words: list[str]) -> str:
    """All of the words, in any form."""
    return " & ".join(f"'{word}'" for word in words)


def beginning_terms(words: list[str]) -> str:
    """All of the words, each as a beginning: "иванов кам" → иванов:* & кам:*."""
    return " & ".join(f"'{word}':*" for word in words)


def has_words(terms: str, marks: str) -> RawSQL:
    """The condition that a document has these words and marks."""
    statement = "words @@ (to_tsquery('russian', %s) && %s::tsquery)"
    return RawSQL(statement, [terms, marks], output_field=BooleanField())


def key_parts(text: str) -> list[tuple[str, str]]:
    """Normalised pieces of a key in `text`, with the way to look for them.

    Anything long enough with a digit may stand anywhere in a VIN, a plate, a phone or an INN; three Latin
    letters may begin a VIN.

    A phone begun as people dial it, "8 921 555…", is kept as +7921555…, so it is also sought without its 8.
    VINs and plates are kept with Latin letters, so Cyrillic look-alikes are also sought as those.
    """
    folded = re.sub(r"[\s()+\-.]", "", text).upper()
    if len(folded) == MAKER_KEY and folded.isascii() and folded.isalpha():
        return [("startswith", folded)]
    if len(folded) < MIN_KEY or not folded.isalnum() or not any(map(str.isdigit, folded)):
        return []
    dialled = folded.isdigit() and folded.startswith("8") and len(folded) > MIN_KEY + 2
    spellings = dict.fromkeys([folded, folded[1:] if dialled else folded, folded.translate(_LOOKALIKES)])
    return [("contains", part) for part in spellings]


def search(actor: Actor, text: str, *, limit: int = 10, types: Iterable[TypeSpec] | None = None) -> list[Hit]:
    """The best answers to `text` that the person may see, keys first, then words by rank.

    `types` limits the search to some types.
    """
    generation = current_generation()
    seen = [
        spec for spec in (generation if types is None else types) if not actor.reach(Verb.SEE, spec).nothing
    ]
    if not seen or not text.strip():
        return []
    ids = key_hits(actor, generation, seen, text, limit)
    if len(ids) < limit:
        ids += [id for id in word_hits(actor, seen, text, limit) if id not in ids]
    return load_hits(generation, ids[:limit])


def key_hits(
    actor: Actor, generation: Generation, seen: list[TypeSpec], text: str, limit: int
) -> list[tuple[int, int]]:
    """(type, id) of records with a key that contains the piece, newest first."""
    parts = key_parts(text)
    if not parts:
        return []
    hidden = [field.id for spec in seen for field in spec.fields if not actor.sees_field(field)]
    matching = reduce(or_, (Q(**{f"value__{way}": part}) for way, part in parts))
    keys = SearchKey.objects.filter(matching, type_id__in=[spec.id for spec in seen])
    pairs = keys.exclude(field_id__in=hidden).order_by("-record_id").values_list("type_id", "record_id")
    return visible_pairs(actor, generation, pairs[: limit * 10])[:limit]


def visible_pairs(
    actor: Actor, generation: Generation, pairs: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Those of the pairs that the person reaches, in their order."""
    found = list(dict.fromkeys(pairs))
    specs = [generation.types_by_id[type_id] for type_id in {type_id for type_id, _id in found}]
    documents = SearchDocument.objects.filter(record_id__in=[id for _type, id in found], field_id=0)
    visible: set[tuple[int, int]] = set()
    for way in document_ways(actor, specs):
        marked = RawSQL("words @@ %s::tsquery", [way.marks], output_field=BooleanField())
        standing = documents.filter(marked, **dict(way.place))
        visible.update(standing.values_list("type_id", "record_id"))
    return [pair for pair in found if pair in visible]


@dataclass(frozen=True, slots=True)
class DocumentWay:
    """One way to documents: marks that they must have, and the pipeline and stage where they must stand."""

    marks: str
    place: tuple[tuple[str, int], ...] = ()

    @property
    def standing(self) -> str:
        """SQL of the place, for `place_ids` as parameters."""
        return "".join(f" AND {column} = %s" for column, _id in self.place)

    @property
    def place_ids(self) -> list[int]:
        return [id for _column, id in self.place]


def document_ways(actor: Actor, seen: list[TypeSpec]) -> list[DocumentWay]:
    """One way for all types that the person sees whole, and those of every other type."""
    whole = [spec.id for spec in seen if actor.reach(Verb.SEE, spec).everything]
    found = [DocumentWay(" | ".join(map(type_mark, whole)))] if whole else []
    for spec in seen:
        if spec.id not in whole:
            ways = actor.reach(Verb.SEE, spec).ways
            found += [DocumentWay(way_marks(spec.id, way), place_of(way)) for way in ways]
    return found


def place_of(way: Way) -> tuple[tuple[str, int], ...]:
    """Pipeline and stage of a way, as columns and ids."""
    place = (("pipeline_id", way.pipeline_id), ("stage_id", way.stage_id))
    return tuple((column, id) for column, id in place if id is not None)


def word_hits(actor: Actor, seen: list[TypeSpec], text: str, limit: int) -> list[tuple[int, int]]:
    """(type, id) of records with these words: the newest CANDIDATES, the best ranked first.

    Whole words come first, they cost an index little. Beginnings follow while a single word is typed, or
    when several whole words find nothing.
    """
    words = words_in(text)
    if not words:
        return []
    found = whole_word_hits(actor, seen, words)
    if not found or (len(words) == 1 and len(found) < limit):
        found += ranked_hits(actor, seen, beginning_terms(words))
    return list(dict.fromkeys(found))[:limit]


def whole_word_hits(actor: Actor, seen: list[TypeSpec], words: list[str]) -> list[tuple[int, int]]:
    """Documents with all the words. Several words are rarely in many, so those are looked through first."""
    terms = complete_terms(words)
    few = hits_among_few(actor, seen, terms) if len(words) > 1 else None
    return ranked_hits(actor, seen, terms) if few is None else few


def hits_among_few(actor: Actor, seen: list[TypeSpec], terms: str) -> list[tuple[int, int]] | None:
    """Best ranked first; None when more than CANDIDATES documents of anybody have the words.

    Rights are asked of the documents found: following their long lists in the index as well would cost more
    than to read a few documents.
    """
    selects: list[str] = []
    parameters: list[Any] = [terms, searched_parts(actor, seen)]
    for way in document_ways(actor, seen):
        selects.append(
            "SELECT ts_rank(words, to_tsquery('russian', %s)), record_id, type_id FROM found"
            f" WHERE words @@ %s::tsquery{way.standing}"
        )
        parameters += [terms, way.marks, *way.place_ids]
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH found AS MATERIALIZED (SELECT * FROM records_search"
            " WHERE words @@ to_tsquery('russian', %s) AND field_id = ANY(%s)"
            f" LIMIT {CANDIDATES + 1})"
            f" SELECT count(*)::real, 0, 0 FROM found UNION ALL {' UNION ALL '.join(selects)}",
            parameters,
        )
        (count, _id, _type), *hits = cursor.fetchall()
    return None if count > CANDIDATES else best_first(hits)


def ranked_hits(actor: Actor, seen: list[TypeSpec], terms: str) -> list[tuple[int, int]]:
    """The newest candidates of every way in which the person reaches documents, best rank first."""
    parts = searched_parts(actor, seen)
    selects: list[str] = []
    parameters: list[Any] = []
    for way in document_ways(actor, seen):
        selects.append(
            "(SELECT ts_rank(words, to_tsquery('russian', %s)), record_id, type_id FROM records_search"
            f" WHERE words @@ (to_tsquery('russian', %s) && %s::tsquery){way.standing} AND field_id = ANY(%s)"
            f" ORDER BY record_id DESC LIMIT {CANDIDATES})"
        )
        parameters += [terms, terms, way.marks, *way.place_ids, parts]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), parameters)
        return best_first(cursor.fetchall())


def searched_parts(actor: Actor, seen: list[TypeSpec]) -> list[int]:
    """The open words and the words of restricted fields that the person sees."""
    return [0, *(field.id for spec in seen for field in actor.visible_fields(spec) if field.restricted)]


def best_first(hits: list[tuple[float, int, int]]) -> list[tuple[int, int]]:
    """(type, id) of rows of rank, id and type; the newest first among equals."""
    ranked = sorted(hits, key=lambda hit: (-hit[0], -hit[1]))
    return [(type_id, id) for _rank, id, type_id in ranked]


def load_hits(generation: Generation, pairs: list[tuple[int, int]]) -> list[Hit]:
    """Titles and numbers of the answers, one query, in the order of `pairs`."""
    hits: dict[tuple[int, int], Hit] = {}
    type_ids = sorted({type_id for type_id, _id in pairs})
    selects = [
        f"SELECT {type_id}, id, title, number FROM {generation.types_by_id[type_id].table}"
        " WHERE id = ANY(%s) AND deleted_at IS NULL"
        for type_id in type_ids
    ]
    if not selects:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(selects), [[id for of, id in pairs if of == type_id] for type_id in type_ids]
        )
        for type_id, id, title, number in cursor.fetchall():
            hits[(type_id, id)] = Hit(
                id, type_id, title, generation.types_by_id[type_id].format_number(number)
            )
    return [hits[pair] for pair in pairs if pair in hits]

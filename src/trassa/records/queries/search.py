"""Search over all types: words with Russian morphology, and parts of VINs, phones and numbers.

Selective words are found by the GIN index; of broad ones only the newest CANDIDATES are ranked.
"""

import re
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Q, QuerySet

from trassa.access.queries import Actor, reach_q
from trassa.access.types import Verb
from trassa.records.models import SearchDocument, SearchKey
from trassa.records.types import Hit
from trassa.schema.queries import current_generation
from trassa.schema.types import Generation, TypeSpec

#: A broad search ranks at most this many records, the newest.
CANDIDATES = 1000
MAX_TEXT = 200
_WORD = re.compile(r"\w+")
#: Shorter pieces of a VIN or a phone are words like any other.
MIN_KEY = 4


def prefix_query(text: str) -> str:
    """A tsquery that wants every word, each as a beginning: "иванов кам" → иванов:* & кам:*."""
    return " & ".join(f"'{word}':*" for word in _WORD.findall(text[:MAX_TEXT])[:10])


def word_query(documents: QuerySet[SearchDocument], text: str) -> QuerySet[SearchDocument]:
    """Documents with all words of `text`; none when it has no word."""
    wanted = prefix_query(text)
    if not wanted:
        return documents.none()
    return documents.filter(words=SearchQuery(wanted, config="russian", search_type="raw"))


def key_parts(text: str) -> list[str]:
    """Normalised pieces of a key in `text`: VIN letters, digits of a phone; none when it has no digit.

    A phone begun as people dial it, "8 921 555…", is kept as +7921555…, so it is also sought without its 8.
    """
    folded = re.sub(r"[\s()+\-.]", "", text).upper()
    if len(folded) < MIN_KEY or not folded.isalnum() or not any(map(str.isdigit, folded)):
        return []
    dialled = folded.isdigit() and folded.startswith("8") and len(folded) > MIN_KEY + 2
    return [folded, folded[1:]] if dialled else [folded]


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
    matching = reduce(or_, (Q(value__contains=part) for part in parts))
    keys = SearchKey.objects.filter(matching, type_id__in=[spec.id for spec in seen])
    pairs = keys.exclude(field_id__in=hidden).order_by("-record_id").values_list("type_id", "record_id")
    return visible_pairs(actor, generation, pairs[: limit * 10])[:limit]


def visible_pairs(
    actor: Actor, generation: Generation, pairs: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Those of the pairs that the person reaches, in their order."""
    found = list(dict.fromkeys(pairs))
    documents = SearchDocument.objects.filter(record_id__in=[id for _type, id in found], field_id=0)
    specs = [generation.types_by_id[type_id] for type_id in {type_id for type_id, _id in found}]
    if not specs:
        return []
    visible = set(documents.filter(reached(actor, specs)).values_list("type_id", "record_id"))
    return [pair for pair in found if pair in visible]


def reached(actor: Actor, specs: list[TypeSpec]) -> Q:
    """Documents of these types that the person may see."""
    whole = [spec.id for spec in specs if actor.reach(Verb.SEE, spec).everything]
    parts = [Q(type_id__in=whole)] if whole else []
    for spec in specs:
        if spec.id not in whole:
            reach = reach_q(actor.reach(Verb.SEE, spec), pk="record_id")
            parts.append(Q(type_id=spec.id) & reach)
    return reduce(or_, parts)


def word_hits(actor: Actor, seen: list[TypeSpec], text: str, limit: int) -> list[tuple[int, int]]:
    """(type, id) of records with these words: the newest CANDIDATES, the best ranked first."""
    open_parts = Q(field_id=0)
    hidden_from_others = [
        field.id for spec in seen for field in actor.visible_fields(spec) if field.restricted
    ]
    if hidden_from_others:
        open_parts |= Q(field_id__in=hidden_from_others)
    documents = word_query(SearchDocument.objects.filter(open_parts), text)
    documents = documents.filter(reached(actor, seen)).order_by("-record_id")
    rank = SearchRank("words", SearchQuery(prefix_query(text) or "''", config="russian", search_type="raw"))
    newest = documents.annotate(rank=rank).values_list("rank", "record_id", "type_id")[:CANDIDATES]
    ranked = sorted(newest, key=lambda hit: (-hit[0], -hit[1]))
    return list(dict.fromkeys((type_id, id) for _rank, id, type_id in ranked))[:limit]


def load_hits(generation: Generation, pairs: list[tuple[int, int]]) -> list[Hit]:
    """Titles and numbers of the answers, one query a type, in the order of `pairs`."""
    hits: dict[tuple[int, int], Hit] = {}
    for type_id in {type_id for type_id, _id in pairs}:
        spec = generation.types_by_id[type_id]
        ids = [id for of_type, id in pairs if of_type == type_id]
        rows = spec.model._default_manager.filter(pk__in=ids, deleted_at__isnull=True)
        for id, title, number in rows.values_list("id", "title", "number"):
            hits[(type_id, id)] = Hit(id, type_id, title, spec.format_number(number))
    return [hits[pair] for pair in pairs if pair in hits]

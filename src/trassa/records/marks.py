"""Marks among the words of search documents: whose record it is, so that the word index knows rights.

A mark names the type, and with it the department or a person, so that one list of the index answers for
both. A mark begins with "=", which the parser of texts never lets into a word.
"""

from collections.abc import Iterable

from trassa.access.types import Way


def type_mark(type_id: int) -> str:
    return f"'=t{type_id}'"


def department_mark(type_id: int, department_id: int) -> str:
    return f"'=t{type_id}d{department_id}'"


def person_mark(type_id: int, person_id: int) -> str:
    """The mark of the owner and of everybody who takes part."""
    return f"'=t{type_id}o{person_id}'"


def marks_of(type_id: int, department_id: int | None, people: Iterable[int]) -> str:
    """All marks of a document, as the text of a tsvector."""
    marks = [type_mark(type_id), *(person_mark(type_id, id) for id in sorted(people))]
    if department_id is not None:
        marks.append(department_mark(type_id, department_id))
    return " ".join(marks)


def way_marks(type_id: int, way: Way) -> str:
    """The marks that a way asks for, as the text of a tsquery: its rarest ones alone, for each costs time."""
    terms = []
    if way.owner_id is not None:
        terms.append(person_mark(type_id, way.owner_id))
    if way.department_ids is not None:
        departments = " | ".join(department_mark(type_id, id) for id in way.department_ids)
        terms.append(f"({departments})")
    return " & ".join(terms) or type_mark(type_id)

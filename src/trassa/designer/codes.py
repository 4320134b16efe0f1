"""Codes proposed from labels: transliterated, with the prefix of what a company adds (decision 0015)."""

import re
from collections.abc import Container, Iterable, Iterator

from trassa.solutions.actions import LOCAL_PREFIX
from trassa.solutions.types import Words

_SOUNDS = "a,b,v,g,d,e,e,zh,z,i,y,k,l,m,n,o,p,r,s,t,u,f,h,ts,ch,sh,sch,,y,,e,yu,ya"
_LETTERS = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", _SOUNDS.split(","), strict=True))
_MAX = 40

#: A thing of a list as a form gives it: its code, "" when it is new, and its names in Russian and English.
Row = tuple[str, str, str]


def transliterate(text: str) -> str:
    """The text in small Latin letters, digits and single underscores; "" when nothing is left."""
    latin = "".join(_LETTERS.get(letter, letter) for letter in text.lower())
    return re.sub(r"[^a-z0-9]+", "_", latin).strip("_")[:_MAX].strip("_")


def propose_code(label: str, taken: Container[str], *, fallback: str = "field") -> str:
    """A free code for something with this label: "Дата визита" is `x_data_vizita`."""
    code = LOCAL_PREFIX + (transliterate(label) or fallback)
    number, free = 1, code
    while free in taken:
        number += 1
        free = f"{code}_{number}"
    return free


def is_proposed(code: str, label: str) -> bool:
    """Whether a code was proposed for this label, so that it may follow when the label changes."""
    return re.sub(r"_\d+$", "", code) == re.sub(r"_\d+$", "", propose_code(label, ()))


def named_rows(rows: Iterable[Row], *, fallback: str) -> Iterator[tuple[int, str, Words]]:
    """Row number, code and label of the rows of a list: without a name it goes, without a code it is new."""
    rows = list(rows)
    taken = {code for code, _ru, _en in rows if code}
    for index, (code, ru, en) in enumerate(rows):
        name = ru.strip() or en.strip()
        if name:
            own = code or propose_code(name, taken, fallback=fallback)
            taken.add(own)
            yield index, own, Words(ru=name, en=en.strip())

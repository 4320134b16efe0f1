"""Codes proposed from labels: transliterated, with the prefix of what a company adds (decision 0015)."""

import re
from collections.abc import Container

from trassa.solutions.actions import LOCAL_PREFIX

_SOUNDS = "a,b,v,g,d,e,e,zh,z,i,y,k,l,m,n,o,p,r,s,t,u,f,h,ts,ch,sh,sch,,y,,e,yu,ya"
_LETTERS = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", _SOUNDS.split(","), strict=True))
_MAX = 40


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

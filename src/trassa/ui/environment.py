"""The Jinja2 environment of all screens: strict, escaped, translated by Django's gettext.

Templates know without importing: `ui` (the macros of ui/components.html), `url`, `static`, `asset`, `_`,
and the formats as filters. An undefined name is an error, None is written as nothing.
"""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils import translation
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from trassa.ui import formats
from trassa.ui.addresses import address_of
from trassa.ui.assets import asset, preloads

_FILTERS = (
    formats.ago,
    formats.avatar_color,
    formats.date_exact,
    formats.date_short,
    formats.duration,
    formats.initials,
    formats.money,
    formats.number,
    formats.percent,
    formats.short_name,
)


class Components:
    """The macros of ui/components.html under the name `ui`, for pages, blocks and fragments alike."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Any:
        return getattr(self._environment.get_template("ui/components.html").module, name)


def translate(message: str, **values: Any) -> Markup:
    """`_` of the templates: the sentence in the reader's language with escaped values in its places.

    The same as Jinja's newstyle gettext, without its two further calls.
    """
    return Markup(translation.gettext(message)) % values


@lru_cache(maxsize=256)
def in_languages(message: str) -> str:
    """A sentence that is translated elsewhere in every language, for what is found by words of any."""
    said = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said.append(translation.gettext(message))
    return " ".join(dict.fromkeys(said))


@lru_cache(maxsize=1024)
def icon(name: str, size: str = "", label: str = "") -> Markup:
    """A picture of the sprite, nothing without a name; `label` is said aloud, else it is decoration."""
    if not name:
        return Markup()
    classes = f"icon {size}" if size else "icon"
    said = Markup('role="img" aria-label="%s"') % label if label else Markup('aria-hidden="true"')
    return Markup('<svg class="%s" %s><use href="%s#%s"/></svg>') % (classes, said, asset("icons.svg"), name)


def highlight(text: str, query: str) -> Markup:
    """`text` with the words of `query` marked, for search answers."""
    found: list[str] = []
    lowered, position = text.lower(), 0
    spans = sorted(
        (start, start + len(word))
        for word in query.lower().split()
        if word and (start := lowered.find(word)) >= 0
    )
    for start, end in spans:
        if start >= position:
            found.append(f"{escape(text[position:start])}<mark>{escape(text[start:end])}</mark>")
            position = end
    return Markup("".join([*found, escape(text[position:])]))


def environment(**options: Any) -> Environment:
    """Called by Django's Jinja2 backend with the loader and its options."""
    options["undefined"] = StrictUndefined
    made = Environment(
        **options,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: "" if value is None else value,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    made.filters.update({function.__name__: function for function in _FILTERS})
    made.filters["highlight"] = highlight
    made.globals.update(
        {
            "_": translate,
            "ui": Components(made),
            "url": address_of,
            "icon": icon,
            "in_languages": in_languages,
        },
        static=static,
        asset=asset,
        preloads=preloads,
    )
    return made

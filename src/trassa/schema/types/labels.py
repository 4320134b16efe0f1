"""Names in the languages of the interface."""

from dataclasses import dataclass

from django.utils import translation


@dataclass(frozen=True, slots=True)
class Label:
    """A name in the languages of the interface; English falls back to Russian and back."""

    ru: str
    en: str = ""

    def __str__(self) -> str:
        if (translation.get_language() or "ru").startswith("ru"):
            return self.ru or self.en
        return self.en or self.ru

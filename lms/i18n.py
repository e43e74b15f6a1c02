"""Words in the person's language, also outside a request (mail, documents, jobs).

The source language of all text is Vietnamese: a message's id is its Vietnamese wording. `N_` marks a message for
collection where it is defined; the edge translates it where it is shown.
"""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations
from typing import Final

from babel.support import Translations

from lms.settings import resource

LOCALES: Final = ("vi", "en")
DEFAULT_LOCALE: Final = "vi"


def N_(message: str) -> str:  # noqa: N802 - the name that message collectors know
    """Mark a message for translation and return it as it stands."""
    return message


@cache
def translations_for(locale: str) -> NullTranslations:
    """The catalogue of a locale; Vietnamese, the source language, needs none."""
    if locale == DEFAULT_LOCALE:
        return NullTranslations()
    return Translations.load(str(resource("translations")), [locale])


def translate(locale: str, message: str, **params: object) -> str:
    """The message in the locale's words, its `%(name)s` places filled from params."""
    words = translations_for(locale).gettext(message)
    return words % params if params else words

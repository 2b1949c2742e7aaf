"""The language in which the course speaks: English, as it is written, or that of a catalogue.

A notebook chooses it in its first cell, ``speak("de")``, or the environment variable
`CEHELPERS_LANGUAGE` does. Each text is looked up when it is shown, by what it is in English, and
its values are put in afterwards: ``_("Hint {n}: {hint}").format(n=n, hint=hint)``. What has no
translation stays English.

The catalogues are those of gettext, in ``locale/de/LC_MESSAGES``: `cecourse` has what the engines
say, and one with the name of a lesson what this says; ``python -m tools.messages`` keeps them.
"""

import os
from importlib.resources import files

VARIABLE = "CEHELPERS_LANGUAGE"
OWN = "en"  # in which the course is written
_LOCALE = files(__package__) / "locale"
_now: dict = {"language": OWN, "catalogue": None}


def languages() -> list[str]:
    """The languages there are, such as ``["en", "de"]``: the course's own is the first."""
    return [OWN, *sorted(path.name for path in _LOCALE.iterdir() if path.is_dir())]


def speak(language: str) -> None:
    """Let the course speak a language from now on.

    Parameters
    ----------
    language : str
        One of `languages`.

    Raises
    ------
    ValueError
        If it is none of them.
    """
    if language not in languages():
        raise ValueError(f"language must be one of {languages()}; got {language!r}")
    catalogue = None
    if language != OWN:
        from gettext import GNUTranslations, NullTranslations

        catalogue = NullTranslations()
        for path in (_LOCALE / language / "LC_MESSAGES").iterdir():
            if path.name.endswith(".mo"):
                with path.open("rb") as file:
                    catalogue.add_fallback(GNUTranslations(file))
    _now.update(language=language, catalogue=catalogue)


def spoken() -> str:
    """The language in which the course speaks now."""
    return _now["language"]


def _(text: str) -> str:
    """A text in the language that is spoken; itself where there is no translation."""
    catalogue = _now["catalogue"]
    return catalogue.gettext(text) if catalogue and text else text


def ngettext(one: str, many: str, n: int) -> str:
    """The form of a text that goes with a number, in the language that is spoken."""
    catalogue = _now["catalogue"]
    return catalogue.ngettext(one, many, n) if catalogue else (one if n == 1 else many)


def N_(text: str) -> str:
    """A text of a table: marked here, to be translated where it is shown."""
    return text


if os.environ.get(VARIABLE):
    speak(os.environ[VARIABLE])

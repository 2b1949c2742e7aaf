"""What the course says, as gettext's catalogues: ``python -m tools.messages [LANGUAGE LESSON …]``.

Without arguments every catalogue is brought up to date: new texts come in empty, those that are
gone go, and each ``.po`` file is compiled to the ``.mo`` file that is read. With a language and
lessons (``fr binary_cross_entropy``) the files of these are made, and that of the engines.

A text of code is marked ``_("…")``, or ``N_("…")`` in a table. What a lesson asks needs no mark:
titles, questions, hints, what mistakes are told, options and reasons are taken from its exercises
and predictions themselves, and from its JSON files what stands under "text" and "reason".
"""

from __future__ import annotations

import importlib
import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.localedata import locale_identifiers
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from cecourse.exercise.report import in_module
from cecourse.lessons import NOTEBOOKS
from cecourse.prediction import of_lesson
from tools._command import ROOT, ToolError, told

COURSE = ROOT / "cecourse"
LOCALE = COURSE / "locale"
ENGINES = "cecourse"  # the catalogue of what no lesson says
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # the date of every .mo file: equal texts, equal bytes
MARKS = {"_": None, "N_": None, "ngettext": (1, 2)}
LESSONS = {notebook.slug: notebook.title for notebook in NOTEBOOKS}


def messages(name: str) -> Catalog:
    """What the engines say, or a lesson, as a catalogue without translations.

    Raises
    ------
    ToolError
        If `name` is neither ``"cecourse"`` nor a lesson's.
    """
    if name not in {ENGINES, *LESSONS}:
        raise ToolError(f"name must be {ENGINES} or a lesson's, such as entropy; got {name!r}")
    found = Catalog(charset="utf-8")
    home = COURSE if name == ENGINES else COURSE / "lessons" / name
    for path in sorted(home.rglob("*.py")):
        if name == ENGINES and COURSE / "lessons" in path.parents:
            continue
        place = path.relative_to(ROOT).as_posix()
        for _line, text, comments, _context in extract_from_file(
            "python", path, MARKS, ("Translators:",), strip_comment_tags=True
        ):
            found.add(text, locations=[(place, None)], auto_comments=comments)
    for place, text in _of_objects(name):
        found.add(text, locations=[(place, None)])
    return found


def _of_objects(name: str) -> Iterator[tuple[str, str]]:
    """The texts that need no mark, each with what says it."""
    if name == ENGINES:
        yield from (("cecourse/lessons/__init__.py", title) for title in LESSONS.values())
        return
    home = COURSE / "lessons" / name
    for path in sorted(home.glob("*.py")):
        if path.stem.startswith(("exercises", "quiz_")):
            module = importlib.import_module(f"cecourse.lessons.{name}.{path.stem}")
            for one in in_module(module):
                texts = [one._title, one._docstring, *one._hints, one._right]
                texts += [mistake.text for mistake in one._mistakes]
                texts += (one._choices or {}).values()
                yield from ((one.id, text) for text in texts if isinstance(text, str))
    for one in of_lesson(name).values():
        yield one.id, one.written
        for option in one.options:
            yield from ((one.id, text) for text in (option.text, option.reason))
    for path in sorted(home.glob("*.json")):
        entries = json.loads(path.read_text("utf-8"))
        for entry in entries if isinstance(entries, list) else ():
            for key in ("text", "reason"):
                if isinstance(entry, dict) and key in entry:
                    yield path.relative_to(ROOT).as_posix(), entry[key]


def catalogues() -> list[Path]:
    """The ``.po`` files there are."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def language_of(path: Path) -> str:
    """The language of a catalogue: the folder's name."""
    return path.parts[-3]


def read(path: Path) -> Catalog:
    """A catalogue as it is kept."""
    with path.open("rb") as file:
        return read_po(file, locale=language_of(path))


def renewed(path: Path) -> Catalog:
    """A catalogue with just the texts that there are now; empty where there is no file yet."""
    kept = read(path) if path.exists() else Catalog(locale=language_of(path))
    new = Catalog(locale=language_of(path), fuzzy=False)
    new.header_comment = f"# What {path.stem} says; kept by `python -m tools.messages`."
    for message in filter(lambda one: one.id, messages(path.stem)):
        old = kept.get(message.id)
        new.add(
            message.id,
            old.string if old and not old.fuzzy else None,
            locations=message.locations,
            auto_comments=message.auto_comments,
        )
    for message in new:
        message.flags.clear()  # a % is a per cent: values stand in braces
    return new


def write(path: Path, catalogue: Catalog) -> None:
    """Write the ``.po`` file, and beside it what is read when a notebook runs; without dates."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.BytesIO()
    write_po(text, catalogue, width=100, include_lineno=False, sort_by_file=True)
    words = (b"Project", b"Report", b"POT-", b"PO-", b"Last-", b"Language-Team", b"Generated")
    dated = tuple(b'"' + word for word in words)
    lines = [line for line in text.getvalue().splitlines(True) if not line.startswith(dated)]
    path.write_bytes(b"".join(lines))
    catalogue.creation_date, catalogue.revision_date = EPOCH, EPOCH
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def renew(arguments: list[str]) -> str:
    """Bring catalogues up to date and say how much of each is translated."""
    paths = catalogues()
    if arguments:
        language, *lessons = arguments
        if language not in locale_identifiers():
            raise ToolError(f"the first word must be a language, such as fr; got {language!r}")
        paths = [LOCALE / language / "LC_MESSAGES" / f"{one}.po" for one in (ENGINES, *lessons)]
    said = []
    for path, new in [(path, renewed(path)) for path in paths]:
        write(path, new)
        done = sum(bool(message.string and any(message.string)) for message in new if message.id)
        said.append(f"{path.relative_to(LOCALE).as_posix()}: {done} of {len(new)} texts translated")
    return "\n".join(said)


if __name__ == "__main__":
    sys.exit(told(lambda: renew(sys.argv[1:])))

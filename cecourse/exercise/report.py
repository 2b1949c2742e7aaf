"""Where the learner stands: every exercise there is, and a row for each notebook."""

import html
import importlib
import pkgutil
from datetime import date
from functools import cache
from types import ModuleType

from cecourse import account, lessons, store
from cecourse.language import N_, _, ngettext
from cecourse.lessons import NOTEBOOKS
from cecourse.palette import TRUTH

from .display import tell
from .exercise import SECTION, Exercise, whole_record


def all_exercises(package: ModuleType | None = None) -> list[Exercise]:
    """Every exercise of a package of lessons, by notebook and, within one, in order of definition.

    Parameters
    ----------
    package : module, optional
        `cecourse.lessons` unless another is given: a folder for each lesson.
    """
    package = package or lessons
    names = [
        f"{home}.{part.name}"
        for lesson in pkgutil.iter_modules(package.__path__)
        for home in [f"{package.__name__}.{lesson.name}"]
        for part in pkgutil.iter_modules(importlib.import_module(home).__path__)
        if part.name.startswith(("exercises", "quiz_"))
    ]
    modules = map(importlib.import_module, names)
    found = [part for module in modules for part in in_module(module)]
    return sorted(found, key=lambda part: part.notebook)


@cache
def exercises_by_id() -> dict[str, Exercise]:
    """Every exercise of the course, the quiz's questions too, by its id."""
    return {one.id: one for one in all_exercises()}


def in_module(module: ModuleType) -> list[Exercise]:
    """The exercises defined in one module, in order."""
    return [
        part
        for part in vars(module).values()
        if isinstance(part, Exercise) and part.function.__module__ == module.__name__
    ]


def bar(solved: int, total: int, width: int = 8) -> str:
    """A bar of text: full only when everything is solved, and empty only when nothing is."""
    full = width * solved // total
    return ("█" * max(full, int(solved > 0))).ljust(width, "░")


def progress() -> None:
    """Show a row for each notebook: exercises solved, tries, and what predictions cost."""
    summary, rows = _standing(_(", see review()"))
    tell(_as_text(summary, rows), _as_html(summary, rows))


def table() -> str:
    """What `progress` shows, as HTML for a page of the book."""
    return _as_html(*_standing(""))


def _standing(where: str) -> tuple[str, list[tuple[str, int, int, int, str]]]:
    """A sentence about all notebooks, with words on where questions come back, and their rows."""
    from cecourse.spacing import due_count  # which asks here for all exercises

    rows = _rows(all_exercises())
    solved, total = sum(row[1] for row in rows), sum(row[2] for row in rows)
    summary = _("Your progress: {solved} of {total} exercises solved")
    summary = summary.format(solved=solved, total=total)
    if paid := _paid(account.answers()):
        summary += _("; predictions: {paid}").format(paid=paid)
    if due := due_count(date.today()):
        summary += _("; {due} due again{where}").format(due=due, where=where)
    return summary, rows


def _rows(exercises: list[Exercise]) -> list[tuple[str, int, int, int, str]]:
    """(label, solved, total, tries, what the predictions cost) for each notebook."""
    records = store.read(SECTION)
    titles = {notebook.number: _(notebook.title) for notebook in NOTEBOOKS}
    groups: dict[str, list[Exercise]] = {}
    for part in exercises:
        groups.setdefault(part.notebook, []).append(part)
    rows = []
    for notebook, parts in groups.items():
        name = titles.get(notebook, parts[0].function.__module__.split(".")[-2])
        kept = [whole_record(records.get(part.id)) for part in parts]
        rows.append(
            (
                f"{notebook} {name}",
                sum(record["solved"] for record in kept),
                len(parts),
                sum(record["tries"] for record in kept),
                _paid(account.answers(notebook)),
            )
        )
    return rows


def _tries(n: int) -> str:
    return ngettext("{n} try", "{n} tries", n).format(n=n)


def _paid(made: account.Answers) -> str:
    """What predictions cost on average, beside what knowing nothing costs; empty without any."""
    if not len(made.sure):
        return ""
    text = _("{n} at {mean:.2f} nats, nothing known {nothing:.2f}")
    return text.format(n=len(made.sure), mean=made.prices.mean(), nothing=made.nothing)


def _as_text(summary: str, rows: list[tuple[str, int, int, int, str]]) -> str:
    width = max((len(row[0]) for row in rows), default=0)
    lines = [
        f"{label:<{width}}  {bar(solved, total)}  "
        + _("{n} of {total}").format(n=f"{solved:>2}", total=f"{total:>2}")
        + f"  {_tries(tries):>9}"
        + (_("  predictions: {paid}").format(paid=paid) if paid else "")
        for label, solved, total, tries, paid in rows
    ]
    return "\n".join([summary, *lines])


def _as_html(summary: str, rows: list[tuple[str, int, int, int, str]]) -> str:
    head = "".join(
        f'<th scope="col" style="text-align: left">{_(name)}</th>'
        for name in (N_("Notebook"), "", N_("Solved"), N_("Tries"), N_("Predictions"))
    )
    body = "".join(
        f'<tr><th scope="row" style="text-align: left; font-weight: normal">'
        f"{html.escape(label)}</th>"
        f'<td><span role="progressbar" aria-label="{html.escape(label)}" aria-valuemin="0" '
        f'aria-valuemax="{total}" aria-valuenow="{solved}" style="color: {TRUTH}; '
        f'font-family: monospace">{bar(solved, total)}</span></td>'
        f"<td>{_('{n} of {total}').format(n=solved, total=total)}</td>"
        f"<td>{tries}</td><td>{paid}</td></tr>"
        for label, solved, total, tries, paid in rows
    )
    return (
        f'<table><caption style="text-align: left; font-weight: bold">{summary}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )

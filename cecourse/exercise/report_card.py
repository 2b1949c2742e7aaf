"""The report card of the final quiz: a row for each notebook, a link for each miss."""

import html
from collections.abc import Sequence
from itertools import groupby

from cecourse.language import N_, _
from cecourse.palette import GOOD, MODEL, MUTED, TRUTH

from .question import Question

# state: sign, colour (Okabe–Ito), words; a sign differs in shape, so nothing hangs on colour
SIGNS = {
    "right": ("●", GOOD, N_("right at once")),
    "later": ("◐", TRUTH, N_("right later")),
    "open": ("○", MODEL, N_("not right yet")),
    "untried": ("·", MUTED, N_("not tried")),
}
MISSES = ("later", "open")


def by_notebook(questions: Sequence[Question]) -> list[tuple[str, list[Question]]]:
    """(topic, its questions) for each notebook, in the order of the course."""
    return [(topic, list(parts)) for topic, parts in groupby(questions, lambda part: part.topic)]


def misses(questions: Sequence[Question]) -> list[Question]:
    """The questions not right at once, one for each section, those not right yet first."""
    missed = sorted(
        (part for part in questions if part.state in MISSES), key=lambda part: part.state != "open"
    )
    first: dict[str, Question] = {}
    for part in missed:
        first.setdefault(part.link, part)
    return list(first.values())


def summary(questions: Sequence[Question]) -> str:
    """How many of the questions are right at once, right later, not right yet, and not tried."""
    states = [part.state for part in questions]
    right = _("{right} of {all} right at once")
    told = [right.format(right=states.count("right"), all=len(states))]
    told += [
        f"{states.count(state)} {_(SIGNS[state][2])}"
        for state in ("later", "open", "untried")
        if state in states
    ]
    return _("Report card: {told}").format(told=", ".join(told))


def advice(questions: Sequence[Question]) -> str:
    """A sentence about what to do next."""
    states = [part.state for part in questions]
    missed = misses(questions)
    if set(states) == {"untried"}:
        return _("No question has been answered yet: `final_quiz.quiz()` begins.")
    if missed:
        return _(
            "Each link leads to the section that settles a question you missed; in JupyterLab the "
            "second click scrolls to it, once the notebook is open. Read it, then try the question "
            "once more."
        )
    if "untried" in states:
        return _("No miss so far.")
    return _("Every question right at once. You could teach this course.")


def as_text(questions: Sequence[Question]) -> str:
    """The card as plain text."""
    groups = by_notebook(questions)
    width = max(len(topic) for topic, parts in groups)
    lines = [summary(questions), ""]
    for topic, parts in groups:
        signs = " ".join(SIGNS[part.state][0] for part in parts)
        lines.append(f"{topic:<{width}}  {signs:<5}  {_count(parts)}")
        again = _("read again: {section}")
        lines += [
            f"     {again.format(section=f'{part.section} ({part.link})')}"
            for part in misses(parts)
        ]
    return "\n".join([*lines, "", _legend(), advice(questions).replace("`", "")])


def as_html(questions: Sequence[Question]) -> str:
    """The card as an HTML table."""
    left = "text-align: left; vertical-align: top"
    head = "".join(
        f'<th scope="col" style="{left}">{_(name)}</th>'
        for name in (N_("Notebook"), N_("Questions"), N_("Right at once"), N_("Read again"))
    )
    rows = "".join(
        f'<tr><th scope="row" style="{left}; font-weight: normal">{html.escape(topic)}</th>'
        f'<td style="{left}; white-space: nowrap">{"".join(map(_sign, parts))}</td>'
        f'<td style="{left}">{_count(parts)}</td>'
        f'<td style="{left}">{"<br>".join(_again(part) for part in misses(parts))}</td></tr>'
        for topic, parts in by_notebook(questions)
    )
    said = html.escape(advice(questions), quote=False)
    for mark in ("<code>", "</code>"):
        said = said.replace("`", mark, 1)
    return (
        f'<table><caption style="text-align: left; font-weight: bold">{summary(questions)}'
        f"</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f'<p style="font-size: 0.9em">{_legend()}</p><p>{said}</p>'
    )


def _count(parts: Sequence[Question]) -> str:
    right = sum(part.state == "right" for part in parts)
    return _("{n} of {total}").format(n=right, total=len(parts))


def _legend() -> str:
    return ", ".join(f"{sign} {_(words)}" for sign, colour, words in SIGNS.values()) + "."


def _sign(part: Question) -> str:
    sign, colour, words = SIGNS[part.state]
    told = _("Question {n}, {title}: {state}")
    told = html.escape(told.format(n=part.number, title=part.title, state=_(words)))
    return (
        f'<span role="img" aria-label="{told}" title="{told}" style="color: {colour}; '
        f'font-size: 1.2em; display: inline-block; width: 1.3em; text-align: center">{sign}</span>'
    )


def _again(part: Question) -> str:
    return f'<a href="{html.escape(part.link)}">{html.escape(part.section, quote=False)}</a>'

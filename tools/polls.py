"""Write the polls for the lecture room: `teaching/polls.md`, from the notebooks' predictions.

`make notebooks` does it too. There is no second source: question, options, the answer and what
makes the others tempting are those of `cecourse/lessons/*/predictions.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from cecourse.lessons import NOTEBOOKS
from cecourse.prediction import Prediction, of_lesson
from tools._command import ROOT, told

FILE = ROOT / "teaching" / "polls.md"
HEAD = """# Polls for the room

One question, two to four answers, a minute to vote, a minute to argue with a neighbour, a second
vote. Each wrong answer is somebody's honest belief: ask for the reason before you open the answer.
They are the predictions of the notebooks, in their order; `make notebooks` writes this page. Two or
three a lecture are enough: those whose answer surprises you.
"""


def poll(asked: Prediction) -> Iterator[str]:
    """The paragraphs of one poll."""
    yield f"**{asked.question}**"
    yield "\n".join(f"- {letter}. {text}" for letter, text in asked.lettered)
    yield "<details><summary>Answer</summary>"
    yield f"**{asked.letter}.** {asked.right.reason}"
    yield "\n".join(
        f"- *{letter}?* {option.reason}"
        for (letter, _), option in zip(asked.lettered, asked.options, strict=True)
        if option != asked.right
    )
    yield "</details>"


def page() -> str:
    """The whole page."""
    parts = [HEAD.strip()]
    for notebook in NOTEBOOKS:
        asked = of_lesson(notebook.slug).values()
        parts += [f"## {notebook.number} · {notebook.title}"] if asked else []
        parts += [part for one in asked for part in poll(one)]
    return "\n\n".join(parts) + "\n"


def write() -> str:
    """Write the page; return what to say."""
    FILE.write_text(page(), encoding="utf-8", newline="\n")
    return f"{FILE.relative_to(ROOT)}: renewed"


if __name__ == "__main__":
    sys.exit(told(write))

"""Numbers in prose that are asked for, not typed, and the claims that a sentence hangs on.

``[[expression|format]]`` in Markdown becomes the number when a notebook is built: evaluated in the
notebook's own kernel, where it stands, so that ``[[_|.4f]]`` is what the last cell showed.
``<!-- claim: ratio < 50 -->`` behind a sentence stops the build where it is not true, and
``<!-- given: 0.85, the task's -->`` says where a typed number comes from. Readers see neither.
"""

from __future__ import annotations

import ast
import re

from tools._command import ToolError

NUMBER = re.compile(r"\[\[((?:(?!\[\[|\]\]).)+)\|([^|\[\]]*)\]\]", re.DOTALL)
CLAIM = re.compile(r"<!-- claim: (.+?) -->", re.DOTALL)
GIVEN = re.compile(r"\s*<!-- given: (.+?) -->", re.DOTALL)


class ClaimError(ToolError):
    """A number that cannot be computed, or a sentence that is no longer true."""


def asked(markdown: str) -> dict[str, str]:
    """What a text asks: each of its numbers and claims as it stands there, and as Python."""
    found = {}
    for number in NUMBER.finditer(markdown):
        found[number[0]] = f"format({_one_line(number[1])}, {number[2].strip()!r})"
    for claim in CLAIM.finditer(markdown):
        found[claim[0]] = f"bool({_one_line(claim[1])})"
    return found


def written(markdown: str, answers: dict[str, str | bool]) -> str:
    """The text as a reader sees it: its numbers put in, its claims checked and left out.

    Parameters
    ----------
    markdown : str
        The source.
    answers : dict
        What each of `asked` came to.

    Raises
    ------
    ClaimError
        If a claim is false; the message has it and the sentence it stands behind.
    """

    def number(found: re.Match) -> str:
        in_code = found.string[: found.start()].count("`") % 2
        shown = answers[found[0]]
        return (
            shown if in_code else re.sub(r"\binf\b", "∞", re.sub(r"-(?=[\d.]|inf\b)", "−", shown))
        )

    text = NUMBER.sub(number, markdown)
    for claim in CLAIM.finditer(text):
        if not answers[claim[0]]:
            before = without_remarks(text[: claim.start()]).strip()
            sentence = " ".join(re.split(r"(?<=[.?!]) |\n\n", before)[-1].split())
            raise ClaimError(f"no longer true: {sentence!r} (claim: {_one_line(claim[1])})")
    return without_remarks(text)


def pattern(markdown: str) -> re.Pattern:
    """What the built text of a source looks like, whatever its numbers are."""
    parts = NUMBER.split(without_remarks(markdown))[:: NUMBER.groups + 1]
    return re.compile(r"[^\n\[\]]{1,40}".join(map(re.escape, parts)))


def evaluated(markdown: str, names: dict) -> str:
    """The text of a page outside notebooks, its numbers computed with these names."""
    answers = {}
    for mark, expression in asked(markdown).items():
        try:
            answers[mark] = eval(expression, dict(names))  # our own file
        except Exception as error:
            raise ClaimError(f"{mark}: {error}") from error
    return written(markdown, answers)


def living_client() -> type:
    """nbclient's client that also fills the Markdown cells, each in its turn."""
    from nbclient import NotebookClient
    from nbclient.util import ensure_async

    class LivingClient(NotebookClient):
        async def async_execute_cell(self, cell, cell_index, *args, **kwargs):
            if cell.cell_type == "markdown":
                questions = asked(cell.source)
                request = self.kc.execute("", silent=True, user_expressions=questions)
                reply = await self.async_wait_for_reply(await ensure_async(request))
                answers = reply["content"]["user_expressions"]
                for mark, answer in answers.items():
                    if answer["status"] != "ok":
                        raise ClaimError(f"{mark}: {answer['evalue']}")
                    answers[mark] = ast.literal_eval(answer["data"]["text/plain"])
                cell.source = written(cell.source, answers)
            return await super().async_execute_cell(cell, cell_index, *args, **kwargs)

    return LivingClient


def without_remarks(markdown: str) -> str:
    """The text without its claims and without where its numbers are from."""
    return GIVEN.sub("", CLAIM.sub("", markdown))


def _one_line(expression: str) -> str:
    return " ".join(expression.split())

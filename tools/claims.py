"""Numbers in prose that are asked for, not typed, and the claims that a sentence hangs on.

``[[expression|format]]`` in Markdown becomes the number when a notebook is built: evaluated in the
notebook's own kernel, where it stands, so that ``[[_|.4f]]`` is what the last cell showed.
``<!-- claim: ratio < 50 -->`` behind a sentence stops the build where it is not true, and
``<!-- given: 0.85, the task's -->`` says where a typed number comes from. Readers see neither.

Both may first quote what they answer for, ``<!-- claim: "far lower", "never": a < b / 9 -->``: the
words stand there once, in its paragraph (or, where the remark is a paragraph of its own, in its
cell), or the build stops. So nobody turns "lower" into "higher" and leaves the claim behind.

``<!-- answer: times_as_large: _[1] -->`` stands behind the cells that answer a prediction: it stops
the build where what they computed falls under another option than the prediction says.
"""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

from tools._command import ToolError

NUMBER = re.compile(r"\[\[((?:(?!\[\[|\]\]).)+)\|([^|\[\]]*)\]\]", re.DOTALL)
_QUOTES = r'(?:((?:"[^"]+",?\s+)*"[^"]+"):\s+)?'
CLAIM = re.compile(rf"<!-- claim: {_QUOTES}(.+?) -->", re.DOTALL)
GIVEN = re.compile(rf"\s*<!-- given: {_QUOTES}(.+?) -->", re.DOTALL)
ANSWER = re.compile(r"\s*<!-- answer: (\w+): (.+?) -->", re.DOTALL)
# Words whose contrary is as good a sentence, and a false one; not "the cells below".
DIRECTIONS = {
    "en": re.compile(
        r"\b(?!negative log)(?<!\bor )(?<!\bcell )(?<!\bcells )(?<!\bpicture )(?<!\blines )"
        r"(higher|lower|larger|smaller|bigger|greater|more|less|fewer|above|below|exceeds?"
        r"|rises?|falls?|rose|fell|risen|fallen|rising|falling|grows?|shrinks?|grew|shrank"
        r"|increas(?:es?|ed|ing)|decreas(?:es?|ed|ing)|always|never|twice|doubles?"
        r"|positive|negative|better|worse|best|worst|highest|lowest|largest|smallest"
        r"|steeper|flatter|faster|slower|cheaper|dearer|costlier|stronger|weaker|longer|shorter"
        r"|over-?confiden(?:ce|t)|under-?confiden(?:ce|t))\b",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\b(?<!\bnicht )"
        r"((?:höh|niedrig|tief|größ|klein|steil|flach|schnell|langsam|billig|teur|stärk|schwäch"
        r"|läng|kürz|bess|schlecht|schwer|leicht|sicher)(?:er|st)\w*|(?:größt|höchst|best)e[rnsm]?"
        r"|mehr|weniger|(?:dar)?(?:über|unter)(?= [-−]?[\d#]|[.;])|übersteig\w+|unterschreite\w+"
        r"|steig(?:t|en)|gestiegen|fällt|fallen|fiel(?:en)?|gefallen|sink(?:t|en)|sank(?:en)?"
        r"|gesunken|wächst|wachsen|wuchs(?:en)?|schrumpf\w+|nimmt (?:zu|ab)|immer|stets|nie|niemals"
        r"|doppelt|verdoppel\w+|halbier\w+|positiv\w*|negativ\w*|zu sicher|zu bescheiden"
        r"|Selbst(?:über|unter)schätzung)\b",
        re.IGNORECASE,
    ),
}
FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
SIGN = re.compile(r"(?<=[\w)}\]] )[-+](?= )")
# no sentence of ours: code, formulas, addresses
NOT_PROSE = re.compile(
    r"^```.*?^```|<!--.*?-->|\]\([^)]*\)|https?://\S+|doi:\S+|`[^`\n]+`|\$\$.*?\$\$|\$[^$\n]+\$",
    re.DOTALL | re.MULTILINE,
)


class ClaimError(ToolError):
    """A number that cannot be computed, or a sentence that is no longer true."""


def asked(markdown: str) -> dict[str, str]:
    """What a text asks: each of its numbers and claims as it stands there, and as Python."""
    found = {}
    for number in NUMBER.finditer(markdown):
        found[number[0]] = f"format({_one_line(number[1])}, {number[2].strip()!r})"
    for claim in CLAIM.finditer(markdown):
        found[claim[0]] = f"bool({_one_line(claim[2])})"
    for answer in ANSWER.finditer(markdown):
        found[answer[0]] = f"predictions.{answer[1]}.meets({_one_line(answer[2])})"
    return found


def held(markdown: str) -> list[tuple[str, str, int]]:
    """What the remarks of a text quote: the words, where they are sought, and how often they stand.

    The text between blank lines around the remark, without remarks; that of all if this is empty.
    """
    found = []
    for part in re.split(r"\n\s*\n", markdown):
        for remark in (CLAIM, GIVEN):
            for quotes in filter(None, (one[1] for one in remark.finditer(part))):
                around = _plain(part) or _plain(markdown)
                for words in re.findall(r'"([^"]+)"', _one_line(quotes)):
                    found.append((words, around, around.count(words)))
    return found


def adrift(markdown: str) -> list[str]:
    """Say what is wrong with the quotes of a text: words that are not there, or there twice."""
    return [
        f"{words!r} is said to stand here, and does so {count} times: {around[:120]!r}"
        for words, around, count in held(markdown)
        if count != 1
    ]


def unheld(markdown: str, language: str = "en") -> list[str]:
    """The words of direction and the signs of formulas that no remark answers for.

    A question may ask in either direction. `language` is one of `DIRECTIONS`.
    """
    everywhere = [words for words, around, _ in held(markdown) if around == _plain(markdown)]
    found = []
    for part in re.split(r"\n\s*\n", markdown):
        text = NUMBER.sub(lambda number: "#" * len(number[0]), _plain(part))
        prose = NOT_PROSE.sub(lambda other: "\0" * len(other[0]), text)
        quotes = [words for words, _, _ in held(part)] + everywhere
        spans = [(_plain(part).find(words), len(words)) for words in quotes]
        signs = [
            sign
            for formula in FORMULA.finditer(text)
            for sign in SIGN.finditer(text, *formula.span())
        ]
        for word in [*DIRECTIONS[language].finditer(prose), *signs]:
            answered = any(i <= word.start() and word.end() <= i + n for i, n in spans if i >= 0)
            if not answered and not in_question(text, word.end()):
                found.append(text[max(0, word.start() - 40) : word.end() + 30])
    return found


def in_question(text: str, place: int) -> bool:
    """Whether the sentence around a place ends with a question mark."""
    return bool(re.compile(r"(?:[^.!:;?]|\.(?=\d))*\?").match(text, place))


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
        If claims are false; the message has each, and the sentence it stands behind.
    """

    def number(found: re.Match) -> str:
        in_code = found.string[: found.start()].count("`") % 2
        shown = answers[found[0]]
        return (
            shown if in_code else re.sub(r"\binf\b", "∞", re.sub(r"-(?=[\d.]|inf\b)", "−", shown))
        )

    for problem in adrift(markdown):
        raise ClaimError(problem)
    text = NUMBER.sub(number, markdown)
    broken = []
    for claim in CLAIM.finditer(text):
        if not answers[claim[0]]:
            before = without_remarks(text[: claim.start()]).strip()
            sentence = " ".join(re.split(r"(?<=[.?!]) |\n\n", before)[-1].split())
            broken.append(f"no longer true: {sentence!r} (claim: {_one_line(claim[2])})")
    for answer in ANSWER.finditer(text):
        if not answers[answer[0]]:
            broken.append(f"predictions.{answer[1]} says otherwise than {_one_line(answer[2])}")
    if broken:
        raise ClaimError("\n".join(broken))
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
    """nbclient's client that also fills the Markdown cells, each in its turn.

    What is false in one of them is raised behind the last cell, with all the others.
    """
    from nbclient import NotebookClient
    from nbclient.util import ensure_async

    class LivingClient(NotebookClient):
        broken = ""

        async def async_execute_cell(self, cell, cell_index, *args, **kwargs):
            if cell_index == 0 and (seed := os.environ.get("CEHELPERS_NUDGE")):
                path = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
                nudge = f"from tools.worlds import nudge_fits; nudge_fits({int(seed)})"
                request = self.kc.execute(path + nudge, silent=True)
                reply = await self.async_wait_for_reply(await ensure_async(request))
                assert reply["content"]["status"] == "ok", reply
            if cell.cell_type == "markdown":
                questions = asked(cell.source)
                request = self.kc.execute("", silent=True, user_expressions=questions)
                reply = await self.async_wait_for_reply(await ensure_async(request))
                answers = reply["content"]["user_expressions"]
                try:
                    for mark, answer in answers.items():
                        if answer["status"] != "ok":
                            raise ClaimError(f"{mark}: {answer['evalue']}")
                        answers[mark] = ast.literal_eval(answer["data"]["text/plain"])
                    cell.source = written(cell.source, answers)
                except ClaimError as error:
                    self.broken += f"\n{error}"
            if self.broken and cell_index == len(self.nb.cells) - 1:
                raise ClaimError(self.broken.strip())
            return await super().async_execute_cell(cell, cell_index, *args, **kwargs)

    return LivingClient


def without_remarks(markdown: str) -> str:
    """The text without its claims and answers, and without where its numbers are from."""
    return ANSWER.sub("", GIVEN.sub("", CLAIM.sub("", markdown)))


def _plain(markdown: str) -> str:
    return _one_line(without_remarks(markdown))


def _one_line(expression: str) -> str:
    return " ".join(expression.split())

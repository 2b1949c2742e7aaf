"""Messages: one text for every reader, and the same with a mark and a rule in a notebook."""

import html
import re
import sys

from cecourse.palette import GOOD, MODEL, MUTED, TRUTH

# status: sign, colour (Okabe–Ito); the word itself stands in the text, so nothing hangs on colour
_LOOK = {
    "right": ("✓", GOOD),
    "untried": ("…", MUTED),
    "hint": ("→", TRUTH),
    "question": ("?", TRUTH),
}
_NOT_YET = ("↻", MODEL)


def rich(text: str) -> str:
    """Plain text as HTML: escaped, `code` and *stress* set, blank lines between paragraphs.

    A line that begins with two blanks keeps its place (options, code); any other joins the one
    before it.
    """
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    text = re.sub(r"(?<![\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])", r"<em>\1</em>", text)
    parts = [re.sub(r"\n(?!  )", " ", part) for part in re.split(r"\n\s*?\n", text)]
    return "<br><br>".join(part.replace("\n", "<br>") for part in parts)


def box(text: str, status: str) -> str:
    """A message as an HTML box: its first words, up to a colon or full stop, are set in bold."""
    sign, colour = _LOOK.get(status, _NOT_YET)
    head = re.match(r"[^\n]{1,60}?[:.](?=\s)", text) or re.match(r"[^\n]*", text)
    return (
        f'<div style="border-left: 4px solid {colour}; padding: 0.3em 0.8em; '
        f'max-width: 60em"><span aria-hidden="true">{sign}</span> '
        f"<strong>{rich(head[0])}</strong>{rich(text[head.end() :])}</div>"
    )


def tell(text: str, page: str) -> None:
    """Display a text with its HTML in a notebook; print the text elsewhere."""
    ipython = sys.modules.get("IPython")  # loaded already wherever it matters
    if ipython is None or ipython.get_ipython() is None:
        print(text)
        return
    from IPython.display import display

    display({"text/plain": text, "text/html": page}, raw=True)

"""Markdown and code as HTML, the same for decks, handouts and the key: one parser, one style.

Formulas stay as they are written, in dollars: MathJax sets them in the page.
"""

from __future__ import annotations

import functools
import html
import re

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

# What a deck needs to know stands in the text as a remark no reader sees: tools/slides/marks.py
MARK = re.compile(r"<!-- slide(?:: (\w+))? -->")


def colour(code: str, *_) -> str:
    """Colour Python code."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip("\n")


@functools.cache
def parser() -> MarkdownIt:
    """Return the parser: CommonMark with tables and with formulas in dollars."""
    made = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, allow_labels=False)
    made.add_render_rule("math_inline", _formula)
    made.add_render_rule("math_block", _formula)
    made.add_render_rule("fence", _fence)
    return made


def _formula(_renderer, tokens, index, *_) -> str:
    token = tokens[index]
    return token.markup + html.escape(token.content.strip(), quote=False) + token.markup


def _fence(_renderer, tokens, index, *_) -> str:
    return f'<pre class="code"><code>{colour(tokens[index].content)}</code></pre>\n'


def to_html(markdown: str) -> str:
    """Render Markdown; a full stop does not leave its formula."""
    return whole(parser().render(MARK.sub("", markdown)).strip())


def inline(markdown: str) -> str:
    """Render one line of Markdown without a paragraph around it."""
    return whole(parser().renderInline(markdown))


def whole(markup: str) -> str:
    """Keep a formula and the punctuation behind it in one line."""
    return re.sub(
        r"(?<!\$)(\$[^$\n]+\$)((?:[.,;:?!)’”]|'s)+)", r'<span class="whole">\1\2</span>', markup
    )


def plain(markup: str) -> str:
    """Return HTML or Markdown without its marks, as long as its reader sees it."""
    text = re.sub(r"<[^>]+>", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markup))
    return " ".join(re.sub(r"\\[a-zA-Z]+|[{}$`*]", "", text).split())

"""The weight of the book's pages: what no page uses is left out when the site is built.

The theme brings icons, style rules and scripts for every page that anyone may write with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

# what a browser need not load: the parts of Sphinx's search, which search.py replaces, and an icon
# library in JavaScript beside the icons' font
SEARCH = ("searchtools", "language_data", "doctools", "sphinx_highlight", "translations")
SCRIPTS = re.compile(
    rf'\s*<script[^>]*src="[^"]*/?(?:{"|".join(SEARCH)}|searchindex|fontawesome)\.js[^>]*></script>'
)
UNUSED = (*(f"{name}.js" for name in SEARCH), "*-stemmer.js")
UNUSED += ("scripts/fontawesome.*", "scripts/*.txt", "scripts/*.map", "styles/*.map")
# words of code that have the colour of the code around them, in both themes
PLAIN = re.compile(r'<span class="(?:n|nn|nx|p|pm|w)">([^<]*)</span>|<span></span>')
FIXED = ("@font-face", "@keyframes", "@-webkit-keyframes", "@page", "@property", "@import")


def prune(out: Path) -> None:
    """Take unused scripts, style rules and source maps out of a built book."""
    static, used = out / "_static", set()
    for file in out.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        kept = PLAIN.sub(r"\1", SCRIPTS.sub("", text))
        if kept != text:
            file.write_text(kept, encoding="utf-8", newline="\n")
        for names in re.findall(r'class="([^"]*)"', kept):
            used.update(names.split())
    for pattern in UNUSED:
        for file in static.glob(pattern):
            file.unlink()
    for file in static.rglob("*.js"):
        text = re.sub(r"\n//# sourceMappingURL=\S+", "", file.read_text(encoding="utf-8"))
        file.write_text(text, encoding="utf-8", newline="\n")
        used.update(re.findall(r"[\w-]+", text))
    for file in [
        *static.glob("styles/*.css"),
        *static.glob("mystnb.*.css"),
        static / "pygments.css",
    ]:
        kept = "".join(rules(file.read_text(encoding="utf-8"), used))
        file.write_text(kept, encoding="utf-8", newline="\n")


def rules(css: str, used: set[str]) -> Iterator[str]:
    """Yield the rules of a style sheet that can apply where only these classes occur.

    Examples
    --------
    >>> "".join(rules(".a{x:1}.b .c,.a p{y:2}@media print{.b{z:3}}", {"a"}))
    '.a{x:1}.a p{y:2}'
    """
    css, place = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL), 0
    while (start := css.find("{", place)) >= 0:
        *before, selectors = re.split(r";(?![^(]*\))", css[place:start])  # such as @import …;
        yield "".join(f"{rule};" for rule in before)
        depth, end = 1, start
        while depth:
            end = min(i for i in (css.find("{", end + 1), css.find("}", end + 1)) if i > 0)
            depth += 1 if css[end] == "{" else -1
        body, selectors, place = css[start + 1 : end], selectors.strip(), end + 1
        if selectors.startswith(FIXED):
            yield f"{selectors}{{{body}}}"
        elif selectors.startswith("@"):
            if inner := "".join(rules(body, used)):
                yield f"{selectors}{{{inner}}}"
        elif kept := [s for s in _split(selectors) if _applies(s, used)]:
            yield f"{','.join(kept)}{{{body}}}"
    yield css[place:].strip()  # a sheet may be an @import and nothing else


def _split(selectors: str) -> list[str]:
    return re.split(r",(?![^(]*\))", selectors)


def _applies(selector: str, used: set[str]) -> bool:
    outside = re.sub(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]", "", selector)
    return {name.replace("\\", "") for name in re.findall(r"\.((?:[\w-]|\\.)+)", outside)} <= used

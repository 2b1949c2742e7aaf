"""The book's terms and sections, read from its pages: sentences, cards, and what a search finds.

A term's sentence is the one in which its notebook sets it in bold; nothing is written twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag

from tools.concept_index import Concept

TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
# Words of a card's sentence may be set, but nothing in it leads elsewhere.
KEPT = {"strong", "em", "code", "b", "i", "sub", "sup"}
# No link stands in these: they lead elsewhere, are names, or are what a reader tries out.
CLOSED = {"a", "button", "code", "dt", "figure", "math", "pre", "script", "strong", "style"}
CLOSED |= {"summary", "table", "template", *(f"h{level}" for level in range(1, 7))}
LIVE = re.compile(r'class="[^"]*\b(?:cell|ce-alive|course-explorer)\b')
EMPTY = {"br", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Card(NamedTuple):
    """A term: where it is defined, and the sentence that does it, as HTML."""

    slug: str
    term: str
    says: str
    href: str
    where: str


def concepts_of(pages: dict[str, str], concepts: Iterable[Concept]) -> list[Card]:
    """Return a card for each term and place, from the HTML of the pages."""
    listed = {}
    for entry in _soup(pages["concepts"]).select("article li:has(strong)"):
        for link in entry.find_all("a"):
            listed[entry.strong.get_text(), link["href"].partition("#")[0]] = link
    soups, cards = {}, []
    for concept in concepts:
        stem = concept.file.removesuffix(".ipynb")
        link = listed.get((_typeset(concept.term), f"{stem}.html"))
        if link is None:  # a notebook that this book leaves out
            continue
        if stem not in soups:
            soups[stem] = _soup(pages[stem])
        section = soups[stem].find(id=unquote(link["href"].partition("#")[2]))
        says = _sentence(section, _typeset(concept.bold))
        slug = re.sub(r"\W+", "-", concept.term.lower()) + f"-{stem[:2]}"
        cards.append(Card(slug, concept.term, says, link["href"], link.get_text()))
    return cards


def _soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def _typeset(term: str) -> str:
    return term.replace("'", "’")


def _sentence(section: Tag, bold: str) -> str:
    """Return the sentence of a section that sets these words in bold."""
    found = next(s for s in section.find_all("strong") if " ".join(s.get_text().split()) == bold)
    block = found.find_parent(["p", "li", "dd", "td"])
    mark = "\x02"
    found.insert(0, mark)
    inner = block.decode_contents()
    found.contents[0].extract()
    parts = re.split(r"(<math.*?</math>|<code.*?</code>|<[^>]*>)", inner, flags=re.DOTALL)
    masked = "".join("\x00" * len(p) if p.startswith("<") else p for p in parts)
    place = masked.index(mark)
    ends = [
        0,
        *(m.end() for m in re.finditer(r"[.?!:]\x00*\s+(?=[\x00\s]*[A-ZÀ-Ý“\x02\x00])", masked)),
    ]
    start = max(end for end in ends if end <= place)
    stop = min([end for end in ends if end > place] or [len(inner)])
    while masked[stop - 1] in "\x00 \n" and stop > place and masked[stop - 1] != mark:
        stop -= 1
    sentence = _soup(inner[start:stop].replace(mark, ""))
    for tag in sentence.find_all(True):
        if tag.name not in KEPT and not (tag.name == "math" or tag.find_parent("math")):
            tag.unwrap()
    text = " ".join(sentence.decode_contents().split())
    return text[0].upper() + text[1:]


def with_sentences(page: str, cards: Iterable[Card]) -> str:
    """Return the list of concepts with each term's sentence below its places."""
    says = {_typeset(card.term): card.says for card in cards}  # the later place says more

    def entry(found: re.Match) -> str:
        return f'{found[0][:-4]}<br><span class="concept-says">{says[found[2]]}</span></p>'

    return re.sub(r"(<li><p><strong>([^<]*)</strong>.*?</p>)", entry, page, flags=re.DOTALL)


def with_cards(page: str, stem: str, cards: Iterable[Card]) -> str:
    """Return a notebook's page with the first use of each earlier term linked to its card."""
    cards = list(cards)
    own = {card.term for card in cards if card.href.startswith(stem)}
    waiting = {c.term: c for c in cards if c.href < stem and c.term not in own}
    if not waiting:
        return page
    longest = sorted(waiting, key=len, reverse=True)
    term = re.compile(
        rf"(?<![\w-])({'|'.join(re.escape(_typeset(t)) for t in longest)})(?![\w-]|’s)"
    )
    head, article, rest = re.split(r"(<article.*?</article>)", page, maxsplit=1, flags=re.DOTALL)
    shut: list[str] = []  # the elements we are in, from the outermost closed one

    def link(found: re.Match) -> str:
        card = waiting.pop(found[0].replace("’", "'"), None)
        if card is None:
            return found[0]
        return f'<a class="concept" data-concept="{card.slug}" href="{card.href}">{found[0]}</a>'

    def walked():
        end = 0
        for tag in TAG.finditer(article):
            words = article[end : tag.start()]
            yield words if shut else term.sub(link, words)
            end = tag.end()
            name = re.match(r"</?([\w-]*)", tag[0])[1]
            if tag[0].startswith("</"):
                if shut:
                    shut.pop()
            elif not name or name in EMPTY or tag[0].endswith("/>"):
                pass
            elif shut or name in CLOSED or LIVE.search(tag[0]):
                shut.append(name)
            yield tag[0]
        yield article[end:]

    return head + "".join(walked()) + rest


def sections(pages: dict[str, str], cards: Iterable[Card]) -> list[dict[str, object]]:
    """Return what is searched: for each section its page, heading, terms and words."""
    terms: dict[str, list[str]] = {}
    for card in cards:
        terms.setdefault(card.href, []).append(card.term)
    found = []
    for name, text in pages.items():
        if name in {"404", "api/index", "concepts", "search"}:  # they lead to others
            continue
        article = _soup(text).article
        title = article.h1 and _words(article.h1)
        for dropped in article.select("script, style, .course-alive, .cell_input, .headerlink"):
            dropped.decompose()
        for function in article.select("dt.sig[id]"):
            entry = {
                "page": title,
                "title": function["id"],
                "href": f"{name}.html#{function['id']}",
            }
            found.append(entry | {"text": _words(function.parent.extract()), "terms": []})
        for inner in reversed(article.select("section[id]")):  # the innermost first
            heading = inner.find(re.compile("^h[1-6]$"))
            if heading is None:
                continue
            href = f"{name}.html#{inner['id']}"
            says = _words(heading.extract())
            entry = {"page": title, "title": says, "href": href, "text": _words(inner)}
            found.append(entry | {"terms": terms.get(href, [])})
            inner.extract()
    return found[::-1]


def _words(tag: Tag) -> str:
    text = " ".join(tag.get_text(" ").replace("\u2061", "").split()).removesuffix(" #")
    return re.sub(r" (?=[.,;:!?)])|(?<=\() ", "", text)

"""The book as it is read: formulas, dark pictures, search, concepts, weight, and nothing jumps."""

import contextlib
import functools
import json
import os
import re
import struct
import zlib
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hosts import Files, Server
from sphinx.errors import ExtensionError

from cecourse import palette
from tools._browser import BrowserMissing, find_chromium, open_browser, settle
from tools.site import night, reading, search

ROOT = Path(__file__).parents[2]
NAMES = [path.stem for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))]


def soup(book, name):
    return BeautifulSoup((book / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


# ------------------------------------------------------------------ formulas


@pytest.mark.parametrize("name", NAMES)
def test_every_formula_is_set_when_the_book_is_built(book, name):
    page = soup(book, name)
    formulas = page.select("article .math")
    assert formulas
    for formula in formulas:
        assert [child.name for child in formula.find_all(recursive=False)] == ["math"]
        assert not formula.find("merror")
        assert formula.get_text(strip=True)
        assert not re.search(r"[\\$]|\\?(begin|frac|text)\{", formula.get_text())
    prose = "".join(
        p.get_text() for p in page.select("article p") if not p.find_parent(class_="cell")
    )
    assert not re.search(r"\\[a-z]{2,}", prose)
    assert not page.select("script[src*=mathjax]")


def test_a_formula_keeps_its_parts():
    parts = reading.mathml(
        r"\frac{a}{b} + \begin{cases} 1 & \text{if } y \\ 0 \end{cases}", display=True
    )
    assert '<math display="block">' in parts
    assert "<mfrac><mi>a</mi><mi>b</mi></mfrac>" in parts
    assert parts.count("<mtr>") == 2 and "if" in parts


def test_a_formula_that_cannot_be_set_stops_the_build():
    with pytest.raises(ExtensionError, match=r"the formula '.*undefined.*' cannot be set: "):
        reading.mathml(r"\undefined{x}", display=False)


# ------------------------------------------------------------------ dark pictures


def png(colours, kind=3):
    head = struct.pack(">IIBBBBB", 1, 1, 8, kind, 0, 0, 0)
    parts = [b"IHDR" + head, b"PLTE" + bytes.fromhex(colours), b"IDAT" + zlib.compress(b"\0\0")]
    chunks = (
        struct.pack(">I", len(p) - 4) + p + struct.pack(">I", zlib.crc32(p))
        for p in [*parts, b"IEND"]
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_a_dark_twin_has_the_same_pixels_and_another_palette():
    twins = palette.NIGHT + palette.night(palette.MODEL)[1:]
    assert night.dark(png("FFFFFF" + palette.MODEL[1:])) == png(twins[1:])
    with pytest.raises(ValueError, match="png must be a picture with a palette"):
        night.dark(png("FFFFFF", kind=2))


@pytest.mark.parametrize("name", ["index", *NAMES])
def test_every_picture_has_a_twin_and_is_described_once(book, name):
    pictures = soup(book, name).select("article img[src*='_static/']")
    assert pictures
    for image in pictures:
        assert image.parent.name == "picture"
        twin = book / image.parent.source["srcset"]
        light = (book / image["src"]).read_bytes()
        assert twin.read_bytes() == night.dark(light)
        assert len(image.parent.find_all("img")) == 1


# ------------------------------------------------------------------ concepts


def test_every_concept_has_the_sentence_that_defines_it(book):
    cards = json.loads((book / "_static" / "concepts.json").read_text(encoding="utf-8"))
    assert len(cards) > 100
    says = BeautifulSoup(cards["label-smoothing-07"]["says"], "html.parser").get_text()
    assert says.startswith("That is why somebody thought of label smoothing: take a share ")
    assert says.endswith("spread it over the classes.")
    for card in cards.values():
        sentence = BeautifulSoup(card["says"], "html.parser")
        assert sentence.find("strong") and not sentence.find("a")
        assert len(sentence.get_text().split()) < 90, card["term"]
    entries = soup(book, "concepts").select("article li:has(strong)")
    assert entries and all(entry.select(".concept-says strong") for entry in entries)


def test_of_a_term_that_is_defined_twice_the_later_sentence_stands_in_the_list():
    cards = [
        search.Card(f"floor-{stem}", "floor", says, f"{stem}_x.html#a", "A")
        for stem, says in (("02", "Early."), ("07", "Late."))
    ]
    told = search.with_sentences("<li><p><strong>floor</strong>, twice</p></li>", cards)
    assert "Late." in told and "Early." not in told


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_page_links_the_first_use_of_what_earlier_ones_define(book, name):
    links = soup(book, name).select("a.concept")
    slugs = [link["data-concept"] for link in links]
    assert 0 < len(slugs) == len(set(slugs)) <= 25
    cards = json.loads((book / "_static" / "concepts.json").read_text(encoding="utf-8"))
    for link in links:
        card = cards[link["data-concept"]]
        assert link["href"] == card["href"] < name
        assert link.get_text().replace("’", "'") == card["term"]
        assert not link.find_parent(["a", "code", "h1", "h2", "h3", "table", "button"])
        assert not link.find_parent(class_=["cell", "ce-alive", "math"])


# ------------------------------------------------------------------ in a browser


@pytest.fixture(scope="module")
def tab(book):
    """Open a page of the book, over HTTP: ``tab(page, width=…)``."""
    try:
        find_chromium()
    except BrowserMissing as missing:
        if os.environ.get("CEHELPERS_BROWSER") == "required":
            raise
        pytest.skip(str(missing))
    server = Server(functools.partial(Files, directory=book))
    with open_browser() as browser:

        @contextlib.contextmanager
        def opened(page, width=1280, **more):
            size = {"width": width, "height": 900}
            context = browser.new_context(viewport=size, **more)
            context.route("**/pyodide/**", lambda route: None)  # Python is on its way
            one = context.new_page()
            one.add_init_script(SHIFTS)
            one.goto(f"http://127.0.0.1:{server.server_port}/{page}")
            yield one
            context.close()

        yield opened
    server.close()


SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("label smoothing", "07_label_smoothing.html#"),
        ("why is my loss nan", "04_logits.html#accident-two-the-slope"),
        ("temperature", "05_softmax.html#temperature"),  # it is defined there
        ("temperature repair", "08_calibration.html#temperature-repair-by-one-number"),
        ("kl divergence", "02_cross_entropy.html#"),
        ("class weights", "09_class_imbalance.html#what-a-weight-moves"),
        ("perplexity", "01_entropy.html#perplexity"),
        ("logits", "04_logits.html#"),
        ("calibration", "08_calibration.html#"),
        ("What is focal loss?", "09_class_imbalance.html#focal-loss"),
        ("cehelpers.kl_divergence", "api/information.html#cehelpers.kl_divergence"),
    ],
)
def test_a_search_finds_the_section_first(tab, query, first):
    with tab(f"search.html?q={query.replace(' ', '+').replace('?', '%3F')}") as page:
        page.locator(".search-summary").wait_for()
        link = page.locator("#search-results li").first
        assert link.locator("a").get_attribute("href").startswith(first)
        assert link.locator("mark").count() > 0


def test_a_heading_weighs_most_then_a_term_then_words(tab):
    zebra = {"page": "P", "title": "Elsewhere", "href": "", "text": "herd", "terms": []}
    sections = [
        zebra | {"href": "words.html", "text": "zebra " * 9},
        zebra | {"href": "term.html", "terms": ["zebra"]},
        zebra | {"href": "heading.html", "title": "Zebra"},
    ]
    with tab("404.html") as page:
        page.route("**/search.json", lambda route: route.fulfill(json=sections))
        page.goto(page.url.replace("404.html", "search.html?q=zebra"))
        page.locator(".search-summary").wait_for()
        links = page.locator("#search-results li a").evaluate_all(
            "found => found.map(link => link.getAttribute('href'))"
        )
    assert links == ["heading.html", "term.html", "words.html"]


def test_the_search_opens_by_key_and_says_when_nothing_was_found(tab):
    with tab("01_entropy.html") as page:
        page.keyboard.press("Control+k")
        page.locator("dialog input[name=q]").fill("xyzzy")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=xyzzy")
        page.get_by_text("Nothing about “xyzzy” was found").wait_for()


def test_a_card_opens_by_pointer_key_and_tap_and_shuts_with_escape(tab):
    with tab("05_softmax.html") as page:
        term, card = page.locator("a.concept").first, page.locator(".concept-card")
        term.hover()
        card.wait_for()
        assert term.get_attribute("aria-describedby") == card.get_attribute("id")
        page.keyboard.press("Escape")
        assert card.is_hidden()
        page.mouse.move(0, 0)
        page.keyboard.press("Tab")
        term.focus()
        card.wait_for()
    with tab("05_softmax.html", width=390, has_touch=True, is_mobile=True) as page:
        page.locator("a.concept").first.tap()
        page.locator(".concept-card").wait_for()
        assert "05_softmax" in page.url
        page.locator(".concept-card a").tap()
        page.wait_for_url(lambda address: "05_softmax" not in address)


@pytest.mark.parametrize("preferred", ["light", "dark"])
def test_the_pictures_are_those_of_the_theme(tab, preferred):
    with tab("01_entropy.html", color_scheme=preferred) as page:
        settle(page)
        image = page.locator(".course-figure img").first
        assert ("-dark" in image.evaluate("img => img.currentSrc")) == (preferred == "dark")
        other = {"light": "dark", "dark": "light"}[preferred]
        page.evaluate("theme => (document.documentElement.dataset.theme = theme)", other)
        page.wait_for_timeout(300)
        assert ("-dark" in image.evaluate("img => img.currentSrc")) == (other == "dark")


# ------------------------------------------------------------------ weight, and nothing jumps

SOME = ["index", "01_entropy", "05_softmax", "11_loss_clinic", "13_language_model"]


@pytest.mark.parametrize("name", SOME)
def test_a_page_is_light_before_its_pictures(tab, book, name):
    asked = []
    with tab("404.html") as page:
        root = page.url.replace("404.html", "")
        page.on("request", lambda request: asked.append(request.url.partition("?")[0]))
        page.goto(f"{root}{name}.html", wait_until="load")
    assert not [url for url in asked if re.search(r"woff|fontawesome|mathjax|searchindex", url)]
    pictures = re.compile(r"\.(png|svg)$|/frames/|/pyodide/")  # frames have a limit of their own
    light = {url.removeprefix(root) for url in asked if not pictures.search(url)}
    assert len(light) > 5
    # as they lie there, a third of it when sent; half is the page's own (272 kB in 13)
    assert sum((book / file).stat().st_size for file in light) <= 570_000


def test_no_source_map_is_shipped(book):
    assert not list((book / "_static").rglob("*.map"))
    for file in [*book.glob("_static/**/*.js"), *book.glob("_static/**/*.css")]:
        assert "sourceMappingURL" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_jumps_and_nothing_is_wider_than_the_screen(tab, name, width):
    with tab(f"{name}.html", width=width) as page:
        for _ in range(12):
            page.mouse.wheel(0, 900)
            page.wait_for_timeout(60)
        assert page.evaluate("window.shifts") < 0.05
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_title_is_clear_of_the_search_button_on_a_phone(tab):
    with tab("01_entropy.html", width=390) as page:
        title = page.locator(".logo__title").first.bounding_box()
        button = page.locator(".search-button__button:visible").first.bounding_box()
        assert title["x"] + title["width"] + 4 <= button["x"]


# ------------------------------------------------------------------ what a page says of itself


def test_a_page_describes_itself(book):
    said = {}
    for name in NAMES:
        page = soup(book, name)
        said[name] = page.select_one("meta[name=description]")["content"]
        assert page.select_one("meta[property='og:title']")["content"].startswith(name[:2])
        assert page.select_one("meta[property='og:description']")["content"] == said[name]
    assert len(set(said.values())) == len(NAMES)


def test_a_page_names_its_address_where_that_is_known():
    card = '<a href="01_entropy.html"><img src="a.png">'
    assert "og:image" not in reading._about("01_entropy", card, None)
    home = "https://course.test/here/"
    assert f'og:image" content="{home}a.png"' in reading._about("01_entropy", card, home)
    assert f'og:url" content="{home}01_entropy.html"' in reading._about("01_entropy", card, home)
    assert reading._about("404", "", home) == '<base href="/here/">'

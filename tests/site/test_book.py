"""The book as a reader meets it: every link, every picture, every formula, and no foreign request.

The first half reads the pages as files. The second opens them in a Chromium, under an address with
a path of its own; where there is none it is skipped with that reason, and with
CEHELPERS_BROWSER=required, as in .ci/run, its absence is a failure. Screenshots are kept in
build/screenshots/.
"""

import json
import os
import re
import shutil
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jinja2
import pytest
from bs4 import BeautifulSoup

import cehelpers as ce
from cecourse.exercise.display import rich
from cecourse.prediction import of_lesson
from tools._browser import BrowserMissing, find_chromium, open_browser, settle
from tools._command import ENVIRONMENT
from tools.concept_index import concept_index, jupyter_anchor
from tools.site import book as source
from tools.site import build

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]
SITE = "http://course.test/a/path/of/its/own/"
SHOTS = ROOT / "build" / "screenshots"


@cache
def soup(file):
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


class Marks(HTMLParser):
    """What a page can be linked at, and what it links to or loads, in one quick pass."""

    def __init__(self, file):
        super().__init__()
        self.anchors, self.targets, self.loaded = set(), [], []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if "id" in found:
            self.anchors.add(found["id"])
        address = found.get("src") or found.get("href")
        if address:
            self.targets.append(address)
            if "src" in found or (tag == "link" and found["rel"] in LOADED):
                self.loaded.append(address)


LOADED = {"stylesheet", "icon", "shortcut icon", "preload", "preconnect", "prefetch", "manifest"}
marks = cache(Marks)


def pages_of(folder):
    return [file for file in folder.rglob("*.html") if "_static" not in file.parts]


@cache
def headings(file):
    """The anchors that JupyterLab gives the headings of a notebook."""
    cells = json.loads((ROOT / "notebooks" / file).read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    found = re.findall(r"^#+ (.+?)\s*(?:<!--.*)?$", text, re.MULTILINE)
    return {jupyter_anchor(re.sub(r"[*`$]", "", title)) for title in found}


def words(tag):
    """The text of a tag, without the sign that links to a heading."""
    return " ".join(re.sub(r"#(?!\d)", " ", tag.get_text()).split())


def outputs(path, kind):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        yield from (o for o in cell.get("outputs", []) if kind in o.get("data", {}))


# ------------------------------------------------------------------ the pages as files


def test_every_link_leads_to_a_file_and_a_place_in_it(book):
    dead, followed = [], 0
    for page in pages_of(book):
        for target in marks(page).targets:
            parts = urlsplit(target)
            if parts.scheme or target.startswith("//"):
                continue
            file = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if file == book / "lab" / "index.html":
                opened = parts.query.removeprefix("path=")
                assert opened in {f"{name}.ipynb" for name in NAMES}
                assert not parts.fragment or unquote(parts.fragment) in headings(opened)
                continue
            followed += 1
            place = unquote(parts.fragment)
            if not file.is_file() or (
                place and file.suffix == ".html" and place not in marks(file).anchors
            ):
                dead.append(f"{page.relative_to(book)}: {target}")
    assert not dead
    assert followed > 1000


def test_nothing_that_a_page_loads_lies_elsewhere(book):
    for page in pages_of(book):
        loaded = marks(page).loaded
        assert loaded
        assert not [address for address in loaded if re.match(r"(https?:)?//", address)], page


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_page_shows_every_picture_with_its_description_and_every_explorer(book, path):
    page = soup(book / f"{path.stem}.html")
    stored = list(outputs(path, "image/png"))
    images = page.select("article figure img")
    assert [img["alt"] for img in images] == [o["metadata"]["image/png"]["alt"] for o in stored]
    assert all(int(img["width"]) and int(img["height"]) for img in images)
    explorers = [o["data"] for o in stored if source.WIDGET_VIEW in o["data"]]
    captions = [words(tag) for tag in page.select(".ce-caption")]
    told = [" ".join("".join(data["text/plain"]).split()) for data in explorers]
    ward = "".join(map(words, page.select(".ce-ward")))  # a picture without a caption below it
    assert captions == [caption for caption in told if caption not in ward]
    assert not page.select("script[type*=widget]")


def test_every_image_anywhere_has_an_alt(book):
    for page in [*book.glob("*.html"), *book.glob("api/*.html")]:
        for img in soup(page).select("main img"):
            assert img.get("alt") or (img.get("alt") == "" and words(img.find_parent("a"))), page


@pytest.mark.parametrize("name", NAMES)
def test_a_page_can_be_run_and_kept(book, name):
    launch = soup(book / f"{name}.html").select_one("nav.launch")
    links = {words(link): link["href"] for link in launch.find_all("a")}
    assert links[source.OPEN] == f"lab/index.html?path={name}.ipynb"
    original = (ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
    kept, original = map(json.loads, ((book / links["Download"]).read_text("utf-8"), original))
    assert kept["cells"].pop(1)["id"] == "setup"
    assert [cell["source"] for cell in kept["cells"]] == [c["source"] for c in original["cells"]]


def test_previous_and_next_follow_the_course(book):
    seen, page = [], "index.html"
    while page:
        seen.append(page.removesuffix(".html"))
        link = soup(book / page).select_one("a.right-next")
        page = link["href"] if link and "/" not in link["href"] else None
    assert seen == ["index", *NAMES, "concepts"]
    back = soup(book / f"{NAMES[1]}.html").select_one("a.left-prev")
    assert back["href"] == f"{NAMES[0]}.html"


def test_the_first_page_shows_the_course(book):
    page = soup(book / "index.html")
    cards = [card["href"] for card in page.select(".course-card a")]
    assert cards == [f"{name}.html" for name in NAMES]
    assert "make lab" in words(page) and "make test" in words(page)
    assert len(page.select(".way")) == 3
    assert "<!--" not in str(page.select_one("article"))


def test_every_concept_is_listed_and_its_link_ends_at_its_section(book):
    page = soup(book / "concepts.html")
    listed = {
        (words(entry.strong), link["href"].partition("#")[0]): link["href"]
        for entry in page.select("article li:has(strong)")
        for link in entry.find_all("a")
    }
    concepts = [c for c in concept_index() if c.file.removesuffix(".ipynb") in NAMES]
    assert len(listed) == len(concepts) > 50
    for concept in concepts:
        file = concept.file.replace(".ipynb", ".html")
        href = listed[concept.term.replace("'", "’"), file]
        section = soup(book / file).find(id=unquote(href.partition("#")[2]))
        heading = section if section.name.startswith("h") else section.find(re.compile("^h[1-6]$"))
        assert jupyter_anchor(words(heading).replace("’", "'")) == concept.anchor


def test_every_public_function_is_described_with_its_source(book):
    pages = {file.stem: marks(file).anchors for file in (book / "api").glob("*.html")}
    listed = " ".join(marks(book / "api" / "index.html").targets)
    for name in ce.__all__:
        module = getattr(ce, name).__module__
        assert f"cehelpers.{name}" in pages[module.split(".")[1]], name
        assert f"#cehelpers.{name} " in f"{listed} ", name
    assert "[source]" in words(soup(book / "api" / "information.html"))
    assert {"cecourse.picture.show", "cecourse.picture.new_figure"} <= pages["picture"]


# ------------------------------------------------------------------ how the pages come to be


def rendered(**context):
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(ROOT / "site" / "_templates"))
    text = environment.get_template("launch.html").render(
        {"pagename": "03_x", "pathto": lambda path, _: path, "course_lab": True}
        | {"course_open": source.OPEN}
        | context
    )
    return {words(a): a["href"] for a in BeautifulSoup(text, "html.parser").find_all("a")}


def test_binder_and_colab_are_offered_where_there_is_a_repository():
    links = rendered(github="someone/course", repository="https://github.com/someone/course")
    assert links["Binder"].startswith("https://mybinder.org/v2/gh/someone/course/HEAD?urlpath=")
    assert links["Binder"].endswith("my_course/03_x.ipynb")
    assert links["Colab"].endswith("github/someone/course/blob/colab/03_x.ipynb")
    assert list(rendered(github="", repository="")) == [source.OPEN, "Download"]
    assert list(rendered(github="", course_lab=False)) == ["Download"]
    assert rendered(pagename="concepts", github="") == {}


def test_the_repository_comes_from_one_setting(monkeypatch):
    monkeypatch.setenv("REPOSITORY", "https://github.com/someone/course.git")
    assert source.repository() == "https://github.com/someone/course"
    monkeypatch.setenv("REPOSITORY", "someone/course")
    with pytest.raises(ValueError, match=r"REPOSITORY must be an address .*; got 'someone/course'"):
        source.repository()
    monkeypatch.setenv("REPOSITORY", 'https://x/y"><script>')
    with pytest.raises(ValueError, match="REPOSITORY must be an address"):
        source.repository()


def test_a_folder_that_is_no_site_is_left_as_it_is(book, tmp_path):
    mine = tmp_path / "thesis.md"
    mine.write_text("years of work", encoding="utf-8")
    for place in (tmp_path, mine):
        with pytest.raises(ValueError, match="--to must name a new folder, or one with a site"):
            build.build_book(place)
    assert mine.read_text(encoding="utf-8") == "years of work"
    assert build.is_site(book)


def test_without_a_lab_no_page_promises_one(tmp_path, monkeypatch):
    for name, value in ENVIRONMENT.items():  # which the work in processes sets, for good
        monkeypatch.setenv(name, value)
    notebooks = tmp_path / "notebooks"
    (notebooks / "source").mkdir(parents=True)
    shutil.copy(NOTEBOOKS[0], notebooks)
    pages = source.lay_out(tmp_path / "out", notebooks, lab=False)
    assert [page.stem for page in pages] == [NAMES[0]]
    text = (tmp_path / "out" / NOTEBOOKS[0].name).read_text(encoding="utf-8")
    assert "lab/index.html" not in text
    assert "data:image/png" not in text
    assert "<!-- slide" in NOTEBOOKS[0].read_text(encoding="utf-8") and "<!-- slide" not in text
    index = (tmp_path / "out" / "index.md").read_text(encoding="utf-8")
    assert "lab/index.html" not in index
    assert index.count('class="way"') == 2


# ------------------------------------------------------------------ the pages in a browser


class Reader:
    """A Chromium on the book, which lies under a path; every request is seen."""

    def __init__(self, browser, folder):
        self.browser, self.folder = browser, folder
        self.foreign, self.missing, self.errors = [], [], []

    def _serve(self, route):
        address = route.request.url
        file = self.folder / unquote(urlsplit(address).path).removeprefix(urlsplit(SITE).path)
        if "/pyodide/" in address:  # a page without its Python
            route.abort()
        elif not address.startswith(SITE):
            self.foreign.append(address)
            route.abort()
        elif not file.is_file():
            self.missing.append(address)
            route.fulfill(status=404, body="not found")
        else:
            route.fulfill(path=file)

    def open(self, page, width=1280, scheme="light", script=True):
        size = {"width": width, "height": 900}
        context = self.browser.new_context(
            viewport=size, color_scheme=scheme, java_script_enabled=script
        )
        context.route("**/*", self._serve)
        tab = context.new_page()
        tab.on("pageerror", lambda error: self.errors.append(f"{page}: {error}"))
        tab.goto(SITE + page)
        return tab


@pytest.fixture(scope="module")
def reader(book):
    try:
        find_chromium()
    except BrowserMissing as missing:
        if os.environ.get("CEHELPERS_BROWSER") == "required":
            raise
        pytest.skip(f"{missing}; .ci/run installs one and runs these tests")
    with open_browser() as browser:
        yield Reader(browser, book)


PAGES = ["index", *NAMES, "concepts", "contributing", "search", "vectors", "api/index"]
PAGES += ["api/binary_losses"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_asks_nobody_else_and_fits_a_phone(reader, name):
    reader.foreign.clear(), reader.missing.clear(), reader.errors.clear()
    tab = reader.open(f"{name}.html", width=390)
    state = settle(tab)
    overflow = tab.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(e => {
            if (e.closest('.visually-hidden')) return false;
            for (let p = e.parentElement; p; p = p.parentElement)
                if (/auto|scroll|hidden|clip/.test(getComputedStyle(p).overflowX)) return false;
            return e.getBoundingClientRect().right > innerWidth + 1;
        }).map(e => e.outerHTML.slice(0, 120))"""
    )
    wide = tab.evaluate("document.documentElement.scrollWidth")
    formulas = tab.locator("article .math").count()
    wrong = tab.locator("merror").count()
    tab.context.close()
    assert (reader.foreign, reader.missing, reader.errors) == ([], [], [])
    assert state == {"formulas": formulas, "broken": 0}
    assert not wrong
    assert not overflow and wide <= 390


def test_there_is_mathematics_to_be_set(book):
    assert sum(len(soup(book / f"{name}.html").select("article .math")) for name in NAMES) > 200


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("00_start_here", "light"),
        ("00_start_here", "dark"),
        ("05_softmax", "light"),
        ("contributing", "light"),
        ("api/binary_losses", "light"),
        ("api/binary_losses", "dark"),
    ],
)
def test_nothing_stands_in_the_way_of_a_reader_with_a_disability(reader, name, scheme):
    from axe_playwright_python.base import AXE_SCRIPT

    tab = reader.open(f"{name}.html", scheme=scheme)
    settle(tab)
    assert tab.evaluate("document.documentElement.dataset.theme") == scheme
    SHOTS.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=SHOTS / f"book-{name.replace('/', '-')}-{scheme}.png")
    tab.evaluate(AXE_SCRIPT)
    found = tab.evaluate("axe.run(document, {resultTypes: ['violations']})")
    tab.context.close()
    grave = {
        violation["id"]: [node["html"][:200] for node in violation["nodes"][:3]]
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
    }
    assert not grave
    assert found["passes"]


def folded(path):
    """The cells whose stored outputs answer a prediction."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if "hide-output" in cell["metadata"].get("tags", []) and cell["outputs"]:
            yield cell


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_nothing_that_answers_a_prediction_is_seen_before_a_click(reader, path):
    tab = reader.open(f"{path.stem}.html")
    answers = tab.locator("div.cell.tag_hide-output")
    waiting = answers.locator(".cell_output")
    assert waiting.count() == len(list(folded(path))) > 0
    assert not any(output.is_visible() for output in waiting.all())
    for answer in answers.locator("details.hide").all():
        answer.locator("> summary").click()
        assert answer.locator(".cell_output").is_visible()
    for card in tab.locator(".predict-first").all():
        assert card.is_visible()
    tab.context.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_prediction_is_asked_with_its_options(book, name):
    asked = of_lesson(name[3:]).values()
    cards = soup(book / f"{name}.html").select(".predict-first")
    for card, one in zip(cards, asked, strict=True):
        said = words(card)
        for part in (one.question, *(option.text for option in one.options)):
            assert words(BeautifulSoup(rich(part), "html.parser")) in said


def test_without_a_script_a_page_reads_and_offers_nothing_that_needs_one(reader):
    tab = reader.open("03_binary_cross_entropy.html", script=False)
    card = tab.locator(".predict-first").first
    for words_of in (".ce-html", ".ce-radios label >> nth=0", ".ce-radios label >> nth=2"):
        assert card.locator(words_of).first.is_visible()
    dead = tab.locator(".ce-alive :is(button, input, select, textarea)")
    assert dead.count() > 50
    assert not [one for one in dead.all() if one.is_visible()]
    assert tab.locator("noscript p").is_visible()
    tab.context.close()


def test_the_first_page_s_explorer_is_seen_on_a_phone_and_answers_without_python(reader):
    tab = reader.open("index.html", width=390)
    slider = tab.locator("#forecast input[type=range]")
    assert slider.bounding_box()["y"] < 600
    picture = tab.locator("#forecast .ce-grid")
    before = picture.bounding_box()
    slider.fill("0.3")
    tab.wait_for_function(
        "document.querySelector('#forecast .ce-caption').innerText.includes('1.204')"
    )
    after = picture.bounding_box()
    svg = tab.locator("#forecast .ce-grid svg").first.bounding_box()
    tab.context.close()
    assert abs(after["height"] - before["height"]) < 30  # a line of the caption
    assert svg["y"] == before["y"] and svg["width"] == before["width"]


def test_a_link_to_a_section_ends_there_and_code_can_be_copied(reader):
    tab = reader.open("concepts.html")
    tab.get_by_role("link", name="01 · Perplexity: how many equal choices?").click()
    tab.wait_for_url("**/01_entropy.html#*")
    heading = tab.get_by_role("heading", name="Perplexity: how many equal choices?")
    settle(tab)
    assert heading.is_visible()
    assert tab.locator(".predict-first").count() >= 3
    tab.context.close()

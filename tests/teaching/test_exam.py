"""The exam: numbers of its own for each student, and marks that say what each believes."""

import csv
import html
import inspect
import io
import itertools
import json
import math
import re
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
import xmlschema

from cecourse.exercise.display import rich
from cecourse.exercise.report import exercises_by_id
from tools._browser import open_browser
from tools._command import ROOT, ToolError
from tools.exam import exam, marks, notebooks, questions, xml
from tools.exam import paper as exam_paper
from tools.exam.exam import Exam, Student, arranged, roster, seed_of
from tools.exam.questions import BLUEPRINT, LETTERS, Item, chosen, read, written

HERE = Path(__file__).parent
IDS = ["01/spinner", "03/medical_test", "03/bce", "04/clipped_slope", "12/translate", "11/q18"]
NUMBERS = ["01/spinner", "03/medical_test", "11/q18"]


@pytest.fixture(scope="module")
def items():
    return chosen(IDS, [])


@pytest.fixture(scope="module")
def made(items):
    return Exam(7, items, roster("40"))


@pytest.fixture(scope="module")
def opened(items):
    return Exam(7, items, roster("4"), open_numbers=True)


@pytest.fixture(scope="module")
def marked(made, tmp_path_factory):
    """Planted answers, read back: the folder, and what was planted."""
    folder = tmp_path_factory.mktemp("marks")
    planted, rows = {}, []
    for place, student in enumerate(made.students[:-1]):
        given = []
        for item in made.paper_items:
            options = made.options(student.id, item)
            # the third of the class skips, the others take one option after the other
            k = None if place % 7 == 3 else (place + len(item.id)) % len(options)
            planted[student.id, item.id] = None if k is None else options[k]
            given.append("" if k is None else LETTERS[k].lower() + ")")
        rows.append([student.id, *given])
    head = ["student", *(f"q{n + 1}" for n in range(len(made.paper_items)))]
    text = "\n".join(",".join(row) for row in [head, *reversed(rows)])
    (folder / "answers.csv").write_text(text + "\n")
    (folder / "exam.json").write_text(made.as_json())
    again = Exam.read(folder / "exam.json")
    return folder, planted, marks.mark_file(again, folder / "answers.csv", folder)


def table(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


# ---------------------------------------------------------------- who has what


@pytest.mark.parametrize("seed", [1, 7, 2026])
@pytest.mark.parametrize("count", [120, 300])
@pytest.mark.parametrize("sizes", [(8, 9, 12, 23), (18, 18), (9, 6, 7)])
def test_no_two_papers_are_the_same_and_neighbours_share_nothing(seed, count, sizes):
    pools = {f"q{n}": range(1, size + 1) for n, size in enumerate(sizes)} | {"order": range(3)}
    apart = [name for name in pools if name != "order"]
    students = roster(str(count))
    found = arranged(pools, apart, [one.id for one in students], seed)
    papers = [tuple(mine[name] for name in apart) for mine in found.values()]
    assert len(set(papers)) == count
    for one, other in itertools.pairwise(found.values()):
        assert not any(one[name] == other[name] for name in pools)
    if count * 3 < math.prod(sizes):  # as evenly as it goes, where papers are not scarce
        for name, pool in pools.items():
            had = Counter(mine[name] for mine in found.values())
            assert max(had.values()) <= math.ceil(count / len(pool)) + 1


def test_too_few_papers_for_a_class_are_an_error_that_says_so():
    with pytest.raises(ToolError, match="31 students, and a, b make 30 different papers"):
        arranged({"a": range(5), "b": range(6)}, ["a", "b"], [*map(str, range(31))], 1)
    with pytest.raises(ToolError, match="neighbours share nothing"):
        arranged({"a": range(2), "b": range(2)}, ["a", "b"], [*"123"], 1)


def test_the_same_seed_makes_the_same_exam_and_late_comers_change_no_paper(made, items):
    again = Exam(7, items, roster("40"))
    longer = Exam(7, items, roster("50"))
    other = Exam(8, items, roster("40"))
    assert again.as_json() == made.as_json()
    assert {name: longer.seeds[name] for name in made.seeds} == made.seeds
    assert sum(other.seeds[name] == made.seeds[name] for name in made.seeds) == 0


def test_the_words_of_papers_differ_as_their_seeds_do(made):
    numbers = [item for item in made.items if item.id in NUMBERS]
    words = {tuple(i.asked(mine[i.id]) for i in numbers) for mine in made.seeds.values()}
    assert len(words) == len(made.students)
    assert all(item.has_numbers for item in numbers) and all(0 not in i.pool for i in numbers)


def test_a_student_s_number_is_of_both_and_has_31_bits():
    found = {seed_of(seed, name) for seed in (1, 2) for name in ("s001", "s002")}
    assert len(found) == 4 and all(0 <= one < 2**31 for one in found)
    assert seed_of(7, "s001") == seed_of(7, "s001")


def test_the_table_of_sharing_has_each_question(made):
    lines = [line.split() for line in made.sharing().splitlines()[1:]]
    for item, (name, instances, most) in zip(made.paper_items, lines, strict=True):
        had = Counter(mine[item.id] for mine in made.seeds.values())
        assert (name, int(instances), int(most)) == (item.id, len(item.pool), max(had.values()))


def test_the_kept_exam_names_seeds_as_the_marking_reads_them(made):
    kept = json.loads(made.as_json())
    assert (kept["seed"], kept["questions"]) == (7, IDS)
    for mine in kept["students"].values():
        assert list(mine) == IDS


# ---------------------------------------------------------------- what is asked


def test_each_letter_is_what_the_engine_says_it_is(made):
    """The right letter is right; each wrong one is the mistake it claims, in its words."""
    for student, item in itertools.product([one.id for one in made.students], made.paper_items):
        options = made.options(student, item)
        shown = [one.shown for one in options]
        assert len(set(shown)) == len(shown) and [o.mistake for o in options].count("") == 1
        assert options[LETTERS.index(made.key(student, item))].mistake == ""
        if item.kind == "prediction":
            right = next(one for one in options if not one.mistake)
            assert right.value == item.source.letter and right.said == item.source.right.reason
            continue
        instance = item.source.instance(made.seeds[student][item.id])
        for one in options:
            told = instance.evaluate(one.value)
            assert (told.status, told.mistake or "") == (
                "mistake" if one.mistake else "right",
                one.mistake,
            )
            assert one.said and (not one.mistake or one.said in told.text)
            if item.kind == "number":
                assert read(re.sub("<sup>", "^", one.shown.replace("</sup>", ""))) == one.value


def test_a_number_has_the_same_mistakes_for_all_and_its_place_is_shuffled(made):
    for item in made.paper_items:
        if item.kind == "number":
            sets = {frozenset(o.mistake for o in made.options(s.id, item)) for s in made.students}
            assert len(sets) == 1 and 4 <= len(next(iter(sets))) <= 5
        places = Counter(made.key(one.id, item) for one in made.students)
        count = len(made.options(made.students[0].id, item))
        assert len(places) == count and max(places.values()) < len(made.students) * 2 / 3


def test_the_blueprint_asks_of_every_notebook_but_the_first_and_the_case_study():
    items = chosen([], [])
    assert [one.id for one in items] == list(BLUEPRINT)
    paper = [one for one in items if one.on_paper]
    assert [one.notebook for one in paper] == [
        *("01", "02", "03", "04", "05", "06", "07", "08", "09", "11", "12", "13")
    ]
    assert {one.kind for one in items} >= {"number", "choice", "prediction", "function"}


@pytest.mark.parametrize(
    ("value", "digits", "whole", "text"),
    [
        (0.16251892949777494, 3, False, "0.163"),
        (0.1, 3, False, "0.100"),
        (-2.2, 3, False, "−2.20"),
        (9.999, 3, False, "10.0"),
        (0.0099996, 3, False, "0.0100"),
        (2184.91, 3, False, "2185"),
        (11, 6, True, "11"),
        (0, 3, False, "0.00"),
        (2.34e-7, 3, False, "2.34·10^-7".replace("-", "−")),
        (3e8, 3, False, "3.00·10^8"),
        ([13.8155, 0.0], 3, False, "[13.8, 0.00]"),
    ],
)
def test_a_number_is_written_to_its_digits_and_read_back(value, digits, whole, text):
    assert written(value, digits, whole=whole) == text
    assert read(text) == pytest.approx(value, rel=0.5 * 10.0 ** (1 - digits))


def test_notebooks_share_the_twelve_questions():
    found = chosen([], ["03", "04"])
    assert Counter(one.notebook for one in found) == {"03": 6, "04": 6}
    assert all(one.on_paper and not one.code for one in found)


def test_what_needs_the_notebook_is_not_asked_on_paper():
    """A text that calls a function of its lesson cannot be answered by hand."""
    left = set()
    for name, one in exercises_by_id().items():
        code = "".join(
            path.read_text() for path in Path(inspect.getfile(one.function)).parent.glob("*.py")
        )
        called = re.findall(r"`[^`]*?(?<![.\w])(\w+)\([^`]*`", one.question)
        if one.kind != "function" and any(f"def {call}(" in code for call in called):
            left.add(name)
            assert not Item(one).on_paper, (name, called)
    assert "12/who_is_it" in left - {one.id for one in chosen([], ["12"])}


# ---------------------------------------------------------------- on paper


@pytest.fixture(scope="module")
def pdfs(items, tmp_path_factory):
    """Three papers and their key as the texts of their pages."""
    from pypdf import PdfReader

    folder = tmp_path_factory.mktemp("pdf")
    three = Exam(7, items, [Student("s1", "Ada Lovelace"), Student("s2"), Student("s3", "Li")])
    with open_browser() as browser:
        for kind, printed in (
            ("paper", exam_paper.print_papers),
            ("key", exam_paper.print_key),
        ):
            pdf = folder / f"{kind}.pdf"
            pages = printed(browser, three, pdf, "a4" if kind == "paper" else "letter")
            assert len(PdfReader(pdf).pages) == pages
    texts = {
        kind: [
            " ".join(page.extract_text().split())
            for page in PdfReader(folder / f"{kind}.pdf").pages
        ]
        for kind in ("paper", "key")
    }
    return three, texts


def test_a_paper_is_on_sheets_of_its_own_with_its_numbers_and_without_answers(pdfs):
    three, texts = pdfs
    pages = texts["paper"]
    starts = [k for k, text in enumerate(pages) if "Each question has one right answer" in text]
    assert len(starts) == 3 and all(k % 2 == 0 for k in starts)
    for student, first, end in zip(three.students, starts, [*starts[1:], len(pages)], strict=True):
        own = [text for text in pages[first:end] if text]
        whole = " ".join(own)
        for number, text in enumerate(own, 1):
            assert student.id in text and "exam 7" in text and f"{number} of {len(own)}" in text
        assert student.name in whole
        for item in three.paper_items:
            seed = three.seeds[student.id][item.id]
            words = re.sub(r"<[^>]+>", " ", item.asked(seed))
            assert re.findall(r"\d+\.\d+", words) == [
                n for n in re.findall(r"\d+\.\d+", words) if n in whole
            ]
            for option in item.options(seed):
                if option.mistake and item.kind == "number":
                    assert option.shown in whole
                assert option.said[:40] not in whole


def test_the_key_has_every_answer_and_every_belief(pdfs):
    three, texts = pdfs
    whole = " ".join(texts["key"]).replace("\u00ad", "")
    for student in three.students:
        assert " ".join([student.id, *three.keys()[student.id]]) in whole
    assert "from the same mistakes" in whole and "easier to compute with" in whole
    for item in three.paper_items:
        for option in item.options(three.seeds["s1"][item.id]):
            said = re.sub(r"[`*]", "", option.said).split()
            assert " ".join(said[:4]) in whole, option
    assert f"1 of {len(texts['key'])}" in texts["key"][0]


def test_a_letter_is_the_same_option_on_the_sheet_in_the_key_and_in_the_marks(made):
    """What stands beside a letter on somebody's sheet is what that letter is marked as."""
    for student, item in itertools.product([one.id for one in made.students], made.paper_items):
        sheet = exam_paper.question(made, student, item, 1)
        shown = dict(re.findall(r"<li><b>(.)</b><span>(.*?)</span></li>", sheet))
        judged = {letter: marks.judged(made, student, item, letter) for letter in shown}
        options = {one.shown: one for one in item.options(made.seeds[student][item.id])}
        assert {options[text].mistake: letter for letter, text in shown.items()} == {
            one.mistake: letter for letter, one in judged.items()
        }
        assert judged[made.key(student, item)].status == "right"
        if student == made.students[0].id:  # whose letters the key explains
            told = exam_paper.meaning(made, item, 1)
            found = re.findall(r'<dt class="(.*?)"><b>(.)</b>(.*?)</dt><dd>(.*?)</dd>', told)
            assert found == [
                ("" if one.mistake else "right", letter, shown[letter], rich(options[text].said))
                for (letter, one), text in zip(judged.items(), shown.values(), strict=True)
            ]


def test_the_head_of_a_paper_is_the_sum_of_its_questions(made):
    page = exam_paper.paper(made, made.students[0])
    minutes, points = map(int, re.search(r"(\d+) minutes · (\d+) points</p>", page).groups())
    assert points == sum(map(int, re.findall(r"<span>(\d+) points?</span></div>", page)))
    need = sum(questions.MINUTES[item.kind] for item in made.paper_items)
    assert minutes % 5 == 0 and need <= minutes < need + 5


def test_code_is_set_as_code_and_an_open_number_has_a_line(made, opened):
    student = made.students[0]
    assert "<span><code>F.cross_entropy(Z, T)</code></span>" in exam_paper.paper(made, student)
    page = exam_paper.paper(opened, opened.students[0])
    assert page.count('class="open"') == len(NUMBERS)
    assert "significant digits" not in exam_paper.paper(made, student)
    assert [k for k in opened.keys()["s001"] if k in LETTERS] != opened.keys()["s001"]


def test_a_place_for_the_name_stands_where_there_is_none(made, items):
    assert '<i class="line"></i>' in exam_paper.paper(made, made.students[0])
    named = Exam(7, items, [Student("s001", "A <b> & C")])
    page = exam_paper.paper(named, named.students[0])
    assert "A &lt;b&gt; &amp; C" in page and '<i class="line"></i>' not in page


# ---------------------------------------------------------------- platforms


def test_the_question_bank_for_moodle_has_every_instance_and_is_valid(made, opened):
    schema = xmlschema.XMLSchema11(HERE / "moodle_quiz.xsd")
    for one in (made, opened):
        text = xml.moodle(one).decode()
        schema.validate(text)
        found = ElementTree.fromstring(text).findall("question")
        ids = [q.findtext("idnumber") for q in found if q.get("type") != "category"]
        assert (
            len(ids) == len(set(ids)) == sum(len(xml.instances(item)) for item in one.paper_items)
        )
        assert sum(q.get("type") == "category" for q in found) == len(one.paper_items)
        kinds = Counter(q.get("type") for q in found)
        assert bool(kinds["numerical"]) == one.open
        for q in found:
            worth = sorted(a.get("fraction") for a in q.findall("answer"))
            assert worth == ["0"] * (len(worth) - 1) + ["100"][: len(worth)]
            assert not q.findall("hint")


def test_a_question_in_moodle_is_worth_and_tells_what_it_does_on_paper(made, opened):
    for one in (made, opened):
        bank = ElementTree.fromstring(xml.moodle(one)).findall("question")
        asked = {q.findtext("idnumber"): q for q in bank}
        for item in one.paper_items:
            for seed in xml.instances(item):
                q = asked[f"exam {xml.name_of(item, seed)}"]
                typed = q.get("type") == "numerical"
                words = item.asked(seed)
                if typed:
                    words += f"<br><br><em>Answer to {item.source.digits} significant digits.</em>"
                assert q.findtext("questiontext/text") == words
                assert int(q.findtext("defaultgrade")) == item.points
                found = [
                    (a.findtext("text"), a.get("fraction"), a.findtext("feedback/text"))
                    for a in q.findall("answer")
                ]
                if typed:
                    slack = float(q.find("answer").findtext("tolerance"))
                    is_right(item.source.instance(seed), float(found[0][0]), slack)
                    assert [worth for _, worth, _ in found] == ["100"] + ["0"] * len(found[1:])
                    continue
                # the first option of a number is the right one: the platform must shuffle
                assert q.findtext("shuffleanswers") == q.findtext("single") == "true"
                assert found == [
                    (o.shown, *(("0", rich(o.said)) if o.mistake else ("100", "Right.")))
                    for o in item.options(seed)
                ]


def is_right(instance, value, slack):
    """Whether the engine takes what a platform takes, and not much more."""
    for x, status in ((value, "right"), (value + 0.9 * slack, "right"), (value + 3 * slack, "")):
        assert (instance.evaluate(x).status == "right") == bool(status), (instance.id, x)


@pytest.fixture(scope="module")
def package(made, opened):
    return [
        {name: file.read(name).decode() for name in file.namelist()}
        for one in (made, opened)
        for file in [zipfile.ZipFile(io.BytesIO(xml.qti(one)))]
    ]


def test_the_package_of_qti_is_valid_and_whole(made, package):
    schema = xmlschema.XMLSchema(HERE / "qti_package.xsd")
    for files in package:
        listed = ElementTree.fromstring(files["imsmanifest.xml"])
        space = f"{{{xml.PACKAGE}}}"
        paths = {one.get("href") for one in listed.iter(f"{space}file")}
        assert paths == set(files) - {"imsmanifest.xml"}
        for name in paths:
            schema.validate(files[name])
        drawn = ElementTree.fromstring(files["test.xml"]).iter(f"{{{xml.QTI}}}assessmentItemRef")
        assert {one.get("href") for one in drawn} == paths - {"test.xml"}


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        ('select="1"', 'select="2"'),
        ('identifier="SCORE"', 'identifier="POINTS"'),
        ('maxChoices="1"', 'maxChoices="2"'),
        ('href="items/', 'hrf="items/'),
        ("<correct ", "<corect "),
        ("<itemBody>", "<itemBody><script/>"),
    ],
)
def test_the_schema_of_qti_refuses(whole, broken, package):
    schema = xmlschema.XMLSchema(HERE / "qti_package.xsd")
    files = [text for name, text in package[0].items() if name != "imsmanifest.xml"]
    text = next(text for text in files if whole in text)
    assert not schema.is_valid(text.replace(whole, broken, 1))


def test_an_item_of_qti_is_worth_and_tells_what_it_does_on_paper(made, opened, package):
    space = {"q": xml.QTI}
    for one, files in zip((made, opened), package, strict=True):
        limit = ElementTree.fromstring(files["test.xml"]).find("q:timeLimits", space)
        assert int(limit.get("maxTime")) == 60 * one.minutes  # it counts seconds
        for item in one.paper_items:
            seed = xml.instances(item)[-1]
            page = ElementTree.fromstring(files[f"items/{xml.name_of(item, seed)}.xml"])
            right = page.findtext(".//q:correctResponse/q:value", namespaces=space)
            most = page.find(".//q:outcomeDeclaration[@identifier='MAXSCORE']", space)
            given = page.find(".//q:responseIf/q:setOutcomeValue[@identifier='SCORE']", space)
            for worth in (most, given):
                assert "".join(worth.itertext()) == str(item.points)
            if item.kind == "number" and one.open:
                low, high = page.find(".//q:equal", space).get("tolerance").split()
                assert low == high
                is_right(item.source.instance(seed), float(right), float(low))
                continue
            choice = page.find(".//q:choiceInteraction", space)
            assert choice.get("shuffle") == "true"
            said = {
                told.get("identifier"): " ".join("".join(told.itertext()).split())
                for told in page.iterfind(".//q:modalFeedback", space)
            }
            found = [
                ("".join(o.itertext()), o.get("identifier") == right, said[o.get("identifier")])
                for o in choice.iterfind("q:simpleChoice", space)
            ]
            assert found == [
                (bare(o.shown), not o.mistake, " ".join(bare(rich(o.said)).split()))
                for o in item.options(seed)
            ]


def bare(markup):
    """What is read of some HTML."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup.replace("<br>", " ")))


# ---------------------------------------------------------------- notebooks


def test_notebooks_have_their_numbers_and_the_same_cells(made, tmp_path):
    notebooks.write(made, tmp_path)
    paths = {one.id: tmp_path / "students" / one.id / "exam.ipynb" for one in made.students}
    source = nbformat.read(tmp_path / "source" / "exam" / "exam.ipynb", as_version=4)

    def ids(notebook):
        return [c.metadata["nbgrader"]["grade_id"] for c in notebook.cells if graded(c)]

    def graded(cell):
        return "nbgrader" in cell.metadata

    asked = [item for item in made.items if item.kind != "prediction"]
    names = [item.id.replace("/", "_") for item in asked]
    wanted = ["setup", *(f"{n}-{k}" for n in names for k in ("answer", "check"))]
    assert ids(source) == wanted
    for student, path in list(paths.items())[:5]:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert ids(notebook) == wanted
        text = "\n".join(cell.source for cell in notebook.cells)
        assert "SOLUTION" not in text and student in notebook.cells[0].source
        for item in asked:
            seed = made.seeds[student][item.id]
            (question,) = [
                c
                for c in notebook.cells
                if c.cell_type == "markdown" and c.metadata.get("exercise", {}).get("id") == item.id
            ]
            assert item.asked(seed) in question.source
            instance = item.source.instance(seed)
            told = [instance.right, *instance.hints, *(one.text for one in instance.mistakes)]
            assert not [one for one in told if one in text or rich(one) in text]
        exec("\n".join(c.source for c in notebook.cells if c.cell_type == "code"), {})


def test_the_lecturer_s_notebook_has_solutions_that_are_right(made):
    source, names = notebooks.notebook(made), {}
    exec("\n".join(c.source for c in source.cells if c.cell_type == "code"), names)
    for item in notebooks.asked(made):
        assert item.source.evaluate(names[item.source.name]).status == "right"


# ---------------------------------------------------------------- reading back


def test_planted_answers_come_back_with_their_mistakes(made, marked):
    folder, planted, _ = marked
    rows = table(folder / "marks.csv")
    assert tuple(rows[0]) == marks.COLUMNS
    assert len(rows) == len(made.students) * len(made.paper_items)
    for row in rows:
        option = planted.get((row["student"], row["question"]))
        status = "untried" if option is None else "mistake" if option.mistake else "right"
        assert (row["status"], row["mistake"]) == (status, option.mistake if option else "")
        assert row["seed"] == str(made.seeds[row["student"]][row["question"]])
        assert row["points"] == (row["of"] if status == "right" else "0")
    points = Counter()
    for row in rows:
        points[row["student"]] += int(row["points"])
    grades = table(folder / "grades.csv")
    assert {r["student"]: int(r["points"]) for r in grades} == dict(points)
    assert {r["of"] for r in grades} == {str(made.points)}
    page = (ROOT / "teaching" / "exam.md").read_text(encoding="utf-8")
    assert f"`grades.csv` ({', '.join(grades[0])})" in page


def test_the_summary_counts_and_says_the_most_common_belief(made, marked):
    folder, planted, said = marked
    points = [int(row["points"]) for row in table(folder / "grades.csv")]
    mean = sum(points) / len(made.students)
    assert f"40 students, {mean:.1f} of {made.points} points on average" in said
    assert f"no row, so nothing answered: {made.students[-1].id}" in said
    for number, item in enumerate(made.paper_items, 1):
        mine = [planted.get((s.id, item.id)) for s in made.students]
        right = sum(one is not None and not one.mistake for one in mine)
        part = re.search(rf"^q{number} .*?(?=\n\n|\Z)", said, re.MULTILINE | re.DOTALL)[0]
        assert f"{item.title}: {right} of {len(mine)} right" in part
        most = Counter(one.mistake for one in mine if one and one.mistake).most_common(1)[0][1]
        name, *counts = re.search(r"(\w+) \((\d+) of (\d+) wrong\)", part).groups()
        blank = mine.count(None)
        assert [*map(int, counts)] == [most, len(mine) - blank - right]
        assert f" right, {blank} without an answer\n" in part
        (sentence, *_) = [one.said for one in mine if one and one.mistake == name]
        assert " ".join(sentence.split()) in " ".join(part.split())


def test_open_numbers_are_marked_by_the_engine(opened, tmp_path):
    (item, *_) = opened.paper_items
    student = opened.students[0].id
    instance = item.source.instance(opened.seeds[student][item.id])
    right = float(instance.results[0].value)
    assert marks.judged(opened, student, item, opened.key(student, item)).status == "right"
    assert marks.judged(opened, student, item, f"{right:.4f}".replace(".", ",")).points == 2
    for option in item.options(instance.seed)[1:]:
        got = marks.judged(opened, student, item, str(option.value))
        assert (got.status, got.mistake, got.points) == ("mistake", option.mistake, 0)
    assert marks.judged(opened, student, item, "–").status == "untried"
    assert marks.judged(opened, student, item, "a lot").status == "error"


# ---------------------------------------------------------------- what it refuses


def answers(made, **changes):
    """Rows of answers, all of them A, with some changed."""
    rows = [
        {"student": one.id, **{f"q{n + 1}": "A" for n in range(len(made.paper_items))}}
        for one in made.students
    ]
    rows[0] |= changes
    return rows


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"q1": "F"}, "s001, 01/spinner: a letter from A to E was to be written; got 'F'"),
        ({"q3": "D", "q4": "E"}, r"(?s)04/clipped_slope: .* A to C .*12/translate: .* A to D"),
        ({"q1": "AB"}, "got 'AB'"),
        ({"student": "nobody"}, "not in this exam: nobody"),
        ({"student": "s002"}, "more than one row: s002"),
        ({"q9": "A"}, "q9"),
    ],
)
def test_answers_that_cannot_be_read_are_named(changes, message, made):
    with pytest.raises(ToolError, match=message):
        marks.mark_rows(made, answers(made, **changes), "answers.csv")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name;mark\nAda;1\n", r"no column of ids .* columns are 'name', 'mark'"),
        ("id,name\na,A\nb,B\na,C\n", "more than once there: a"),
        ("id\n../x\n", r"line 2: an id has no blanks or slashes; got '../x'"),
        ("id,name\n", "no row under its first"),
    ],
)
def test_a_roster_that_cannot_be_used_is_an_error(text, message, tmp_path):
    (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(ToolError, match=message):
        roster(str(tmp_path / "roster.csv"))


def test_a_roster_may_be_what_platforms_export(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("\ufeffSurname;First name;Student ID\nLovelace;Ada;a1\nLi;;b2\n", "utf-8")
    assert roster(str(path)) == [Student("a1", "Ada Lovelace"), Student("b2", "Li")]
    assert [one.id for one in roster("2")] == ["s001", "s002"]
    for wrong in ("0", "-3"):
        with pytest.raises(ToolError, match=f"at least 1; got {wrong}"):
            roster(wrong)
    with pytest.raises(ToolError, match="cannot read"):
        roster(str(tmp_path / "none.csv"))


@pytest.mark.parametrize(
    ("ids", "books", "message"),
    [
        (
            ["03/medical_tst"],
            [],
            "no question is called '03/medical_tst'; there are .*medical_test",
        ),
        (["03/bce", "03/bce"], [], "03/bce is asked 2 times"),
        (["10/cut_of_550"], [], "10/cut_of_550 is there once"),
        (["03/bce"], ["03"], "not both"),
    ],
)
def test_questions_that_cannot_be_asked_are_named(ids, books, message):
    with pytest.raises(ToolError, match=message):
        chosen(ids, books)


def test_a_number_with_too_few_mistakes_of_its_own_is_no_choice(monkeypatch):
    (item,) = chosen(["03/medical_test"], [])
    monkeypatch.setattr(questions, "LEAST", 9)
    with pytest.raises(ToolError, match=r"03/medical_test: 4 of its known mistakes.*--open"):
        item.options(1)


def test_papers_of_another_course_than_today_s_are_not_marked(made, tmp_path):
    kept = json.loads(made.as_json())
    kept["keys"]["s002"][0] = "X"
    (tmp_path / "exam.json").write_text(json.dumps(kept))
    with pytest.raises(ToolError, match=r"the course has changed .*1 students \(s002"):
        Exam.read(tmp_path / "exam.json")
    with pytest.raises(ToolError, match="no exam to mark"):
        Exam.read(tmp_path / "nothing.json")
    (tmp_path / "exam.json").write_text("{}")
    with pytest.raises(ToolError, match="not an exam of this course"):
        Exam.read(tmp_path / "exam.json")


def test_the_command_marks_beside_what_nbgrader_has_and_not_over_it(
    monkeypatch, capsys, marked, tmp_path
):
    answers = marked[0] / "answers.csv"
    (tmp_path / "exam.json").write_bytes((marked[0] / "exam.json").read_bytes())
    (tmp_path / "marks.csv").write_text("of the notebooks")
    monkeypatch.setattr("sys.argv", ["exam", "--to", str(tmp_path), "--mark", str(answers)])
    assert exam.main() == 0 and "points on average" in capsys.readouterr().out
    assert (tmp_path / "marks.csv").read_text() == "of the notebooks"
    for name in ("marks.csv", "grades.csv"):
        assert (tmp_path / "paper" / name).read_bytes() == (marked[0] / name).read_bytes()


def test_the_command_says_what_is_missing(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("sys.argv", ["exam", "--to", str(tmp_path)])
    assert exam.main() == 1
    assert "SEED=7" in capsys.readouterr().err

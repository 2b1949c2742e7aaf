"""Marks that no student's code can reach: from the release of an assignment to the gradebook.

`DRY_RUN=30 make test ARGS="-s tests/teaching/test_marking.py"` plays a class of thirty.
"""

import copy
import csv
import json
import os
import re
import shutil
import sys
import time
import zipfile
from types import SimpleNamespace

import matplotlib
import nbformat
import numpy as np
import pytest

from cecourse.exercise.calls import Outcome
from cecourse.exercise.report import exercises_by_id
from tools import _command
from tools.exam import exam
from tools.exam import marks as exam_marks
from tools.exam.questions import LETTERS, chosen
from tools.marking import assignments, marker, nbgrader
from tools.marking.check import findings
from tools.marking.marker import Cell
from tools.marking.wire import decoded, encoded
from tools.room import files

NAME = "03_binary_cross_entropy"
SIZE = int(os.environ.get("DRY_RUN", "0"))


# ---------------------------------------------------------------- the child


def test_a_cell_costs_its_own_points_alone():
    """A syntax error, an endless loop, the end of the interpreter: every other answer is there."""
    cells = [
        Cell("a = 0.25", "a"),
        Cell("b = (", "b"),
        Cell("while True: pass", "c"),
        Cell("import os\nos._exit(3)", "d"),
        Cell("def e(x):\n    while x > 1: pass\n    return x", "e"),
        Cell("a = 1\nraise SystemExit", "a"),
        Cell("f = a + 1", "f"),
        Cell("pass", "a"),
    ]
    found = marker.answers(cells, {4: [(0.5,), (2.0,), (0.25,)]}, seconds=1)
    assert [one.value for one in found] == [0.25, ..., ..., ..., ..., 1, 2, ...]
    assert "line 1" in found[1].stopped and "1 seconds" in found[2].stopped
    assert "ended" in found[3].stopped
    assert [type(one.error) for one in found[4].outcomes] == [type(None)] + [TimeoutError] * 2


@pytest.mark.parametrize("value", [3, 0.5, True, None, "B", ..., [1, (2, 3.5)], float("inf")])
def test_a_value_comes_back_as_it_was(value):
    assert decoded(json.loads(json.dumps(encoded(value)))) == value


def test_what_cannot_travel_is_a_name():
    back = decoded(json.loads(json.dumps(encoded(np.array([[1.5, np.nan]])))))
    np.testing.assert_array_equal(back, [[1.5, np.nan]])
    assert type(decoded(encoded({1: 2}))).__name__ == "dict"
    with pytest.raises(ValueError, match="no value"):
        decoded({"__reduce__": "os.system"})


def test_the_child_reaches_neither_course_nor_machine():
    root = str(_command.ROOT)
    tries = [
        "from cecourse.lessons.entropy import exercises as x",
        f"import sys; sys.path.insert(0, {root!r}); import cecourse as x",
        f"x = open({root + '/cecourse/store.py'!r}).read()",
        f"import runpy; x = runpy.run_path({root + '/conftest.py'!r})",
        "import subprocess; x = subprocess.run(['true']).returncode",
        "import os; x = os.listdir('/')",
        "import os; x = os.kill(os.getppid(), 0)",
        "import socket; x = socket.socket().connect_ex(('127.0.0.1', 9))",
        "x = open('/proc/self/environ').read()",
        "open('left.txt', 'w'); x = 1",
    ]
    found = marker.answers([Cell(code, "x") for code in tries], {})
    assert [one.value for one in found] == [...] * len(tries)
    assert all(one.stopped for one in found)


# ---------------------------------------------------------------- a mark


def test_a_function_earns_the_share_of_inputs_at_which_it_is_right():
    bce = exercises_by_id()["03/bce"]
    right = list(bce.results)
    assert marker.mark(bce, right).points == 3
    wrong = [*right[:-1], Outcome(7.0)]
    told = marker.mark(bce, wrong)
    assert told.text.count(f"{len(right) - 1} of {len(right)} inputs") == 1
    assert told.share == pytest.approx(1 - 1 / len(right)) and 0 < told.points < 3
    assert marker.mark(bce, []).status == "untried"
    assert marker.mark(bce, [Outcome(o.value, changed=True) for o in right]).points == 0


def test_four_of_five_inputs_are_four_fifths_of_the_points():
    page = " ".join((_command.ROOT / "teaching" / "grading.md").read_text("utf-8").split())
    assert "four of five inputs are four fifths of the points" in page
    one = next(e for e in exercises_by_id().values() if e.kind == "function" and len(e.probes) == 5)
    told = marker.mark(one, [*one.results[:4], Outcome("no number")], 10)
    assert (told.points, told.share) == (8, 0.8)


def test_a_number_is_judged_by_the_instance_that_was_asked():
    one = exercises_by_id()["03/medical_test"]
    other = one.instance(3)
    assert marker.mark(other, other.results).status == "right"
    assert marker.mark(other, one.results).points == 0


def test_marked_again_an_answer_stands_in_the_table_once(tmp_path):
    one, path = exercises_by_id()["03/medical_test"], tmp_path / "marks.csv"
    for student, name, outcomes in (
        ("ada", NAME, []),
        ("ada", "exam", []),
        ("li", NAME, one.results),
        ("ada", NAME, one.results),
    ):
        left = marker.Marked(one, marker.mark(one, outcomes), "", 0, marker.Answer())
        marker.write_marks(path, student, name, {"medical_test-answer": left})
    assert sorted((row["student"], row["assignment"], row["status"]) for row in rows(path)) == [
        ("ada", NAME, "right"),
        ("ada", "exam", "untried"),
        ("li", NAME, "right"),
    ]


def test_the_gradebooks_have_names_and_what_lateness_costs_in_their_columns(tmp_path, monkeypatch):
    monkeypatch.setattr(nbgrader.CsvExportPlugin, "export", lambda *_: None)
    ada = SimpleNamespace(id="a1", first_name="Ada", last_name="Lovelace", email="ada@example.org")
    li = SimpleNamespace(id="b2", first_name=None, last_name=None, email=None)
    handed_in = [
        SimpleNamespace(student=ada, score=9.5, late_submission_penalty=2),
        SimpleNamespace(student=li, score=1, late_submission_penalty=3),
    ]
    exam = SimpleNamespace(name="exam", max_score=12.0, submissions=handed_in)
    to = nbgrader.Gradebooks(to=str(tmp_path / "grades.csv"))
    to.export(SimpleNamespace(assignments=[exam], students=[ada, li]))
    moodle, canvas = (rows(tmp_path / f"gradebook-{name}.csv") for name in ("moodle", "canvas"))
    assert [list(row.values()) for row in moodle] == [
        ["Ada", "Lovelace", "a1", "ada@example.org", "7.50"],
        ["", "", "b2", "", "0.00"],
    ]
    assert [(r["Student"], r["SIS User ID"], r["SIS Login ID"], r["exam"]) for r in canvas] == [
        ("    Points Possible", "", "", "12"),
        ("Lovelace, Ada", "a1", "ada@example.org", "7.50"),
        ("b2", "b2", "", "0.00"),
    ]


# ---------------------------------------------------------------- a class


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """A course folder with one assignment and its release, where nobody's settings are read."""
    folder, home = tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("home")
    assignments.write_course(folder, (NAME,))
    with pytest.MonkeyPatch.context() as patched:
        for name in [one for one in os.environ if one.startswith(("JUPYTER", "IPYTHON", "XDG"))]:
            patched.delenv(name)
        for name in ("HOME", "USERPROFILE"):
            patched.setenv(name, str(home))
        patched.setenv("MPLCONFIGDIR", matplotlib.get_cachedir())
        assignments.nbgrader(folder, "generate_assignment", NAME, "--create")
        shutil.copy(folder / "gradebook.db", folder / "fresh.db")
        yield folder


def answers_of(notebook):
    return {marker.id_of(c): c for c in notebook.cells if marker.role(c) == "answer"}


def solved(nb, source):
    for grade_id, cell in answers_of(nb).items():
        cell.source = answers_of(source)[grade_id].source.replace("...", "None")


def replaced_evaluate(nb, source):
    """The cheat of the first cell: with a check in one's own kernel it had full marks."""
    nb.cells[1].source += (
        "\nfrom cecourse.exercise.exercise import Exercise\n"
        "from cecourse.exercise.judge import Feedback\n"
        "Exercise.evaluate = lambda *_: Feedback('right', 'Right.')"
    )
    for cell in answers_of(nb).values():
        cell.source = cell.source.replace("...", "1")


def results_looked_up(nb, source):
    for grade_id, cell in answers_of(nb).items():
        name = grade_id.removesuffix("-answer")
        look = f"exercises.{name}.results[0].value"
        cell.source = (
            f"from cecourse.lessons.binary_cross_entropy import exercises\n{name} = {look}"
        )


def helped(nb, source):
    """A cell of one's own above an answer, which takes a number from it."""
    solved(nb, source)
    place = next(k for k, c in enumerate(nb.cells) if marker.role(c) == "answer")
    nb.cells.insert(place, nbformat.v4.new_code_cell("%precision 3\nmine = 0.85"))
    nb.cells[place + 1].source = "import math\nmedical_test = -math.log(mine)"


def copied(nb, source):
    """An answer cell copied, with its metadata, and another filled in."""
    solved(nb, source)
    place = next(k for k, c in enumerate(nb.cells) if marker.role(c) == "answer")
    nb.cells.insert(place, copy.deepcopy(nb.cells[place]))
    nb.cells[place].source = "medical_test = 99"


def syntax_error(nb, source):
    solved(nb, source)
    answers_of(nb)["seven_of_ten-answer"].source = "seven_of_ten = 0.7645)"


def endless(nb, source):
    solved(nb, source)
    answers_of(nb)["three_forecasts-answer"].source = "while True:\n    pass"


def deleted(nb, source):
    """The setup, an answer and its check are gone; another check is no cell of nbgrader's now."""
    # that check is still ours: neither code of the student's nor something to look at
    solved(nb, source)
    gone = {"setup", "short_batch-answer", "short_batch-check"}
    nb.cells = [c for c in nb.cells if marker.id_of(c) not in gone]
    next(c for c in nb.cells if marker.role(c) == "check").metadata = {"nbgrader": "mine"}


def one_letter(nb, source):
    """Somebody who typed one letter, once: it counts for one question at most."""
    answers_of(nb)["is_it_good-answer"].source = 'is_it_good = answer = "B"'


def known_mistake(nb, source):
    solved(nb, source)
    answers_of(nb)["medical_test-answer"].source = "medical_test = 0.0706"
    answers_of(nb)["bce-answer"].source = (
        "def bce(y, p):\n"
        "    total = 0\n"
        "    for a, q in zip(y, p):\n"
        "        q = min(max(q, 1e-12), 1 - 1e-12)\n"
        "        total -= a * math.log(q) + (1 - a) * math.log(1 - q)\n"
        "    return total / len(y)"
    )


FULL = 12
KINDS = {  # what a student did: the points
    solved: FULL,
    replaced_evaluate: 0,
    results_looked_up: 0,
    helped: FULL,
    copied: FULL,
    syntax_error: FULL - 2,
    endless: FULL - 2,
    deleted: FULL - 2,
    one_letter: 1,
    known_mistake: None,  # 7, and what the function is worth on its inputs
}
ADA = ("s00", "Ada", "Lovelace", "ada@example.org")  # in the roster
CHEATS = {replaced_evaluate, results_looked_up}


def hand_in(folder, size):
    """Write submitted/, of every kind one; a larger class has more of the honest kinds."""
    source = nbformat.read(folder / "source" / NAME / f"{NAME}.ipynb", as_version=4)
    release = nbformat.read(folder / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    kinds = list(KINDS)
    honest = [kind for kind in kinds if kind not in CHEATS | {endless}]
    kinds += [honest[k % len(honest)] for k in range(max(0, size - len(kinds)))]
    students = {}
    for k, kind in enumerate(kinds):
        student = f"s{k:02d}"
        notebook = copy.deepcopy(release)
        kind(notebook, source)
        target = folder / "submitted" / student / NAME / f"{NAME}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps(notebook), encoding="utf-8")  # nbformat would mend it
        students[student] = kind
    return students


@pytest.fixture(scope="module")
def graded(ours):
    """The class after autograde, feedback and export, with what the look before it said."""
    folder, students = ours, hand_in(ours, SIZE)
    page = (_command.ROOT / "teaching" / "grading.md").read_text(encoding="utf-8")
    columns = re.search(r"with the columns `([\w,]+)`", page)[1]
    others = [(name, "First", "Last", f"{name}@example.org") for name in students if name != ADA[0]]
    lines = [columns, *(",".join(one) for one in (ADA, *others))]
    (folder / "roster.csv").write_text("\n".join(lines) + "\n")
    assignments.nbgrader(folder, "db", "student", "import", "roster.csv")
    begin = time.perf_counter()
    looked = findings(folder / "submitted")
    clock = {"check": time.perf_counter() - begin}
    for command in (
        ["autograde", NAME, "--Marking.seconds=2"],
        ["generate_feedback", NAME, "--FeedbackCells.solutions=True"],
        ["export"],
    ):
        begin = time.perf_counter()
        assignments.nbgrader(folder, *command)
        clock[command[0]] = time.perf_counter() - begin
    print(f"\n{len(students)} students:", {k: f"{v:.0f} s" for k, v in clock.items()})
    return folder, students, looked


@pytest.fixture(scope="module")
def page(graded):
    """The feedback page of somebody who did a kind of thing."""
    folder, students, _ = graded

    def of(kind):
        student = next(one for one, did in students.items() if did is kind)
        return (folder / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8")

    return of


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_answer_earns_what_it_is_worth_and_a_cheat_nothing(graded):
    folder, students, _ = graded
    score = {row["student_id"]: float(row["score"]) for row in rows(folder / "grades.csv")}
    assert score.keys() == students.keys()
    for student, kind in students.items():
        print(student, kind.__name__, score[student])
        if KINDS[kind] is None:
            assert 7 < score[student] < 10
        else:
            assert score[student] == KINDS[kind], kind.__name__


def test_marks_say_what_was_believed(graded):
    folder, students, _ = graded
    marks = {(row["student"], row["question"]): row for row in rows(folder / "marks.csv")}
    assert len(marks) == 6 * len(students)
    mine = next(student for student, kind in students.items() if kind is known_mistake)
    one = marks[mine, "03/medical_test"]
    assert (one["mistake"], one["points"], one["answered"]) == ("_base_ten", "0.0", "0.0706")
    two = marks[mine, "03/bce"]
    assert two["status"] == "mistake" and two["mistake"] and 0 < float(two["points"]) < 3
    assert set(one) == set(marker.COLUMNS)


def test_the_gradebooks_have_what_moodle_and_canvas_ask_for(graded):
    folder, students, _ = graded
    moodle, canvas = (rows(folder / f"gradebook-{name}.csv") for name in ("moodle", "canvas"))
    assert list(moodle[0]) == ["First name", "Last name", "ID number", "Email address", NAME]
    assert sorted(row["ID number"] for row in moodle) == sorted(students)
    name, first, last, email = ADA
    (ada,) = (row for row in moodle if row["ID number"] == name)
    assert list(ada.values()) == [first, last, name, email, f"{FULL:.2f}"]
    # what Canvas' importer reads: GradebookImporter#row_has_student_headers? and below
    assert list(canvas[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", NAME]
    assert canvas[0]["Student"] == "    Points Possible" and float(canvas[0][NAME]) == FULL
    assert {row["SIS User ID"]: row[NAME] for row in canvas[1:]} == {
        row["ID number"]: row[NAME] for row in moodle
    }


def test_a_feedback_page_has_title_mistake_and_solution_and_asks_nobody(page):
    mine = page(known_mistake)
    assert "<h1>03 · Binary cross-entropy" in mine and NAME not in mine
    assert "Exercise 1 · The medical test" in mine and "logarithm to base 10" in mine
    assert "A solution.</b> 0.1625." in mine and "<b>8.5 of 12 points</b></p>" in mine
    assert "The function is right at 5 of 10 inputs." in mine
    assert "Traceback" not in mine and "<math" in mine
    assert "$y$" not in mine
    assert "<script" not in mine and "src=" not in mine and "@import" not in mine
    assert "url(" not in mine and "<link" not in mine


def test_a_right_answer_is_told_why_once(page):
    mine = page(solved)
    for one in ("03/medical_test", "03/is_it_good"):
        said = exercises_by_id()[one].right.removeprefix("Right: ")
        assert mine.count(said) == 1
    assert mine.count("A solution.") == 5  # of a choice there is no code


def test_who_has_no_answer_reads_why(page):
    assert "a syntax error in line 1: unmatched ')'" in page(syntax_error)
    assert "did not end within 2 seconds" in page(endless)
    assert "There is no answer here." in page(one_letter) and "Comment" not in page(one_letter)
    mine = page(deleted)
    assert "This cell is missing" in mine and "evaluate" not in mine


def feedback(folder, student, name, **given):
    """What each check cell of a marked notebook shows on its page."""
    notebook = nbformat.read(folder / "autograded" / student / name / f"{name}.ipynb", 4)
    resources = {"nbgrader": {"student": student, "assignment": name, "notebook": name}}
    step = nbgrader.FeedbackCells(folder=str(folder), **given)
    made, _ = step.preprocess(notebook, resources)
    return [cell for cell in made.cells if marker.role(cell) == "check"]


def test_a_solution_is_shown_when_it_is_asked_for_and_not_before(graded):
    folder, (student, *_), _ = graded
    for given in ({}, {"solutions": True}):
        for cell in feedback(folder, student, NAME, **given):
            shown, asked = cell.metadata.nbgrader, marker.asked(cell).exercise
            assert shown["title"].endswith(f" · {asked.title}")
            assert ("solution_of" in shown) == bool(given)


def test_each_student_s_function_is_called_with_inputs_of_its_own(ours, monkeypatch):
    source = nbformat.read(ours / "source" / NAME / f"{NAME}.ipynb", as_version=4)
    called = []

    def answers(cells, inputs, _):
        called.append(repr(inputs))
        return [marker.Answer() for _ in cells]

    monkeypatch.setattr(marker, "answers", answers)
    for student in ("ada", "li", "ada"):
        marker.mark_notebook(source, student)
    assert called[0] == called[2] != called[1] and "bce" not in called[0] != "{}"


def test_the_look_before_names_student_and_cell(graded):
    _, students, looked = graded
    by_kind = {}
    for one in looked:
        by_kind.setdefault(students[one.student], set()).add((one.cell, one.what.split(";")[0]))
    says = {what.what for what in looked if ";" in what.what}
    assert says == {
        "the locked cell was changed; ours is used",
        "the cell is there 2 times; the last one counts",
    }
    assert (
        solved not in by_kind
        and helped not in by_kind
        and known_mistake not in by_kind
        and one_letter not in by_kind
    )
    assert ("setup", "the locked cell was changed") in by_kind[replaced_evaluate]
    assert any(".results" in what for _, what in by_kind[results_looked_up])
    assert ("medical_test-answer", "the cell is there 2 times") in by_kind[copied]
    unmatched = ("seven_of_ten-answer", "a syntax error in line 1: unmatched ')'")
    assert by_kind[syntax_error] == {unmatched}
    assert ("short_batch-answer", "the cell is missing: no answer") in by_kind[deleted]
    assert not any("uses" in what for _, what in by_kind[deleted])


# ---------------------------------------------------------------- from and to a platform


ROSTER = """\
id,first_name,last_name,email
s1,Ada,Ruiz,ada@example.edu
s2,Søren,O'Neil,
s3,Jörg,Weiß,
s4,Kim,Lee,
s5,Kim,Lee,
"""
MOODLE = "assignsubmission_file_"
SENT = {  # the name of a file in a platform's zip: where it is to be
    f"Ada Ruiz_71_{MOODLE}/{NAME}.ipynb": f"s1/{NAME}/{NAME}",
    f"Søren O'Neil_72_{MOODLE}{NAME} (1).ipynb": f"s2/{NAME}/{NAME}",
    f"weißjörg_LATE_73_501_{NAME}-2.ipynb": f"s3/{NAME}/{NAME}",
    f"s4_{NAME}.ipynb": f"s4/{NAME}/{NAME}",
    f"s5_x/{NAME}.ipynb": f"s5/{NAME}/{NAME}",
    f"s5_x/s1_{NAME}.ipynb": f"s5/{NAME}/{NAME} again",  # whose it says it is does not count
    "s1_my homework.ipynb": f"s1/{NAME}/s1_my homework",
    f"Kim Lee_74_{MOODLE}/{NAME}.ipynb": f"Kim Lee/{NAME}/{NAME}",
    f"{NAME}.ipynb": f"all/{NAME}/{NAME}",
    "s1_notes.txt": None,
}


def test_a_platform_s_zip_finds_its_students(course):
    """By id, or by name as Moodle and Canvas write it; a name of two is left for the look."""
    archive = course / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "all_of_them.zip", "w") as zipped:
        for name in SENT:
            zipped.writestr(name, json.dumps(nbformat.v4.new_notebook(metadata={"as": name})))
    assignments.nbgrader(course, "zip_collect", NAME)
    submitted = course / "submitted"
    got = {
        nbformat.read(path, as_version=4).metadata["as"]: str(
            path.relative_to(submitted).with_suffix("")
        )
        for path in submitted.rglob("*.ipynb")
    }
    assert got == {name: place for name, place in SENT.items() if place}
    odd = {one.student for one in findings(submitted) if "roster" in one.what}
    assert odd == {"Kim Lee", "all"}


@pytest.fixture
def course(ours, tmp_path):
    """A course folder of its own, released, with a roster; nobody has handed in anything."""
    folder = tmp_path / "course"
    for part in ("source", "release"):
        shutil.copytree(ours / part, folder / part)
    shutil.copy(ours / "fresh.db", folder / "gradebook.db")
    assignments.write_config(folder)
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    assignments.nbgrader(folder, "db", "student", "import", "roster.csv")
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="nbgrader's exchange needs Unix")
def test_the_exchange_takes_an_assignment_out_and_a_page_back(course, tmp_path):
    """Handed in after the deadline, where that costs everything: what a lecturer added counts.

    The gradebooks have no column for an assignment to come, and no 0 for who handed in nothing.
    """
    home, root = tmp_path / "home", tmp_path / "exchange"
    for folder in (home, root):
        folder.mkdir()
    root.chmod(0o777)
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    assignments.write_config(course)
    exchange = f"--Exchange.root={root}"
    duedate = "--duedate=2020-05-03 23:59 UTC"
    assignments.nbgrader(course, "db", "assignment", "add", NAME, duedate)
    assignments.nbgrader(course, "release_assignment", NAME, exchange)
    theirs = ("--course=cross_entropy_hands_on", exchange)
    assignments.nbgrader(home, "fetch_assignment", NAME, *theirs)
    path = home / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    solved(notebook, nbformat.read(course / "source" / NAME / path.name, as_version=4))
    nbformat.write(notebook, path)
    assignments.nbgrader(home, "submit", NAME, *theirs)
    assignments.nbgrader(course, "collect", NAME, exchange)
    (stamp,) = course.glob("submitted/*/*/timestamp.txt")
    assert stamp.read_text().endswith(" UTC")
    assignments.nbgrader(course, "autograde", NAME)
    assignments.nbgrader(course, "generate_feedback", NAME, "--FeedbackCells.solutions=False")
    assignments.nbgrader(course, "release_feedback", NAME, exchange)
    assignments.nbgrader(home, "fetch_feedback", NAME, *theirs)
    (page,) = home.rglob("feedback/**/*.html")
    text = page.read_text(encoding="utf-8")
    late = f"<b>0 of {FULL} points</b>: {FULL} for the answers, and {FULL} taken off"
    assert late in text and "A solution." not in text
    assignments.nbgrader(course, "db", "assignment", "add", "04_logits")
    assignments.nbgrader(course, "export")
    row = next(row for row in rows(course / "grades.csv") if row["raw_score"] == f"{FULL:.1f}")
    assert (row["student_id"], float(row["score"])) == (stamp.parts[-3], 0)
    moodle, canvas = (rows(course / f"gradebook-{name}.csv") for name in ("moodle", "canvas"))
    score = {row["ID number"]: row[NAME] for row in moodle}
    assert (score[stamp.parts[-3]], score["s2"]) == ("0.00", "-") and "04_logits" not in moodle[0]
    score = {row["SIS User ID"]: row[NAME] for row in canvas}
    assert (score[stamp.parts[-3]], score["s2"]) == ("0.00", "") and "04_logits" not in canvas[0]


def test_an_exam_its_marks_and_the_room_fit(ours, tmp_path):
    """Made, answered in notebooks and on paper, marked, read by the room: all as they are written.

    The first has all right, the second the first one's number, the third nothing on paper.
    """
    exam.write(
        exam.Exam(7, chosen(["03/medical_test", "03/bce"], []), exam.roster("3")), tmp_path, ()
    )
    made = exam.Exam.read(tmp_path / "exam.json")
    first, second, third = (one.id for one in made.students)
    number, function = made.items
    solution = answers_of(nbformat.read(tmp_path / "source" / "exam" / "exam.ipynb", as_version=4))
    asked = {name: number.source.instance(made.seeds[name][number.id]) for name in made.seeds}
    for student, whose in ((first, first), (second, first), (third, third)):
        notebook = nbformat.read(tmp_path / "students" / student / "exam.ipynb", as_version=4)
        value = asked[whose].results[0].value
        answers_of(notebook)["03_medical_test-answer"].source = f"medical_test = {value}"
        if student == first:
            answers_of(notebook)["03_bce-answer"].source = solution["03_bce-answer"].source
        target = tmp_path / "submitted" / student / "exam"
        target.mkdir(parents=True)
        nbformat.write(notebook, target / "exam.ipynb")
    assert [str(one) for one in findings(tmp_path / "submitted")] == [
        f"{second}, exam, 03_medical_test-answer: the answer is right for the numbers of {first}"
    ]
    for command in (["autograde", "exam"], ["export"]):
        assignments.nbgrader(tmp_path, *command)
    score = {row["student_id"]: float(row["score"]) for row in rows(tmp_path / "grades.csv")}
    assert score == {first: 5, second: 0, third: 2}
    told = feedback(tmp_path, second, "exam", solutions=True)[0].metadata.nbgrader["solution_of"]
    own = nbgrader.solution(asked[second], "")
    assert tuple(told) == own and own[0] != nbgrader.solution(number.source, "")[0]
    option = next(k for k, one in enumerate(made.options(second, number)) if one.mistake)
    letters = f"{first},{made.key(first, number)}\n{second},{LETTERS[option]}\n{third},\n"
    (tmp_path / "answers.csv").write_text(f"student,q1\n{letters}")
    exam_marks.mark_file(made, tmp_path / "answers.csv", tmp_path / "paper")
    assert len(rows(tmp_path / "marks.csv")) == 6 and len(rows(tmp_path / "paper/marks.csv")) == 3
    found = files.collected(tmp_path)
    assert (found.marked, found.told) == (3, [])
    assert {(one.learner, one.question): one.tries for one in found.marks} == {
        (0, number.id): (("right", ""),),
        (0, function.id): (("right", ""),),
        (1, number.id): (("mistake", made.options(second, number)[option].mistake),),
        (2, number.id): (("right", ""),),
    }


def test_a_folder_without_notebooks_is_named(tmp_path):
    with pytest.raises(_command.ToolError, match="holds no STUDENT"):
        findings(tmp_path / "submitted")


def test_the_page_names_commands_that_there_are():
    from nbgrader.apps import NbGraderApp

    page = (_command.ROOT / "teaching" / "grading.md").read_text(encoding="utf-8")
    block = page.partition("```sh\n")[2].partition("```")[0]
    assert [int(line.rpartition("#")[2]) for line in block.splitlines() if "#" in line] == [
        *range(1, 11)
    ]
    for name in re.findall(r"nbgrader (\w+)", page):
        assert name in NbGraderApp.subcommands, name
    for name, option in re.findall(r"--(\w+)\.(\w+)", page):
        assert hasattr(getattr(nbgrader, name), option)
    assert marker.SECONDS == 10 and "within ten seconds" in page

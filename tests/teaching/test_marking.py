"""Marks that no student's code can reach: from the release of an assignment to the gradebook.

`DRY_RUN=30 make test ARGS="-s tests/teaching/test_marking.py"` plays a class of thirty.
"""

import copy
import csv
import json
import os
import re
import time
from types import SimpleNamespace

import matplotlib
import nbformat
import numpy as np
import pytest

from cecourse.exercise.calls import Outcome
from cecourse.exercise.display import rich
from cecourse.exercise.report import exercises_by_id
from tools import (
    _command,
    assignments,
    exam,
    exam_marks,
    marking,
    marking_nbgrader,
    room_files,
)
from tools.exam_questions import LETTERS, chosen
from tools.marking import Cell
from tools.marking_check import findings
from tools.marking_wire import decoded, encoded

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
    found = marking.answers(cells, {4: [(0.5,), (2.0,), (0.25,)]}, seconds=1)
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
    found = marking.answers([Cell(code, "x") for code in tries], {})
    assert [one.value for one in found] == [...] * len(tries)
    assert all(one.stopped for one in found)


# ---------------------------------------------------------------- a mark


def test_a_function_earns_the_share_of_inputs_at_which_it_is_right():
    bce = exercises_by_id()["03/bce"]
    right = list(bce.results)
    assert marking.mark(bce, right).points == 3
    wrong = [*right[:-1], Outcome(7.0)]
    told = marking.mark(bce, wrong)
    assert told.share == pytest.approx(1 - 1 / len(right)) and 0 < told.points < 3
    assert marking.mark(bce, []).status == "untried"
    assert marking.mark(bce, [Outcome(o.value, changed=True) for o in right]).points == 0


def test_four_of_five_inputs_are_four_fifths_of_the_points():
    page = " ".join((_command.ROOT / "teaching" / "grading.md").read_text("utf-8").split())
    assert "four of five inputs are four fifths of the points" in page
    one = next(e for e in exercises_by_id().values() if e.kind == "function" and len(e.probes) == 5)
    told = marking.mark(one, [*one.results[:4], Outcome("no number")], 10)
    assert (told.points, told.share) == (8, 0.8)


def test_a_number_is_judged_by_the_instance_that_was_asked():
    one = exercises_by_id()["03/medical_test"]
    other = one.instance(3)
    assert marking.mark(other, other.results).status == "right"
    assert marking.mark(other, one.results).points == 0


def test_marked_again_an_answer_stands_in_the_table_once(tmp_path):
    one, path = exercises_by_id()["03/medical_test"], tmp_path / "marks.csv"
    for student, name, outcomes in (
        ("ada", NAME, []),
        ("ada", "exam", []),
        ("li", NAME, one.results),
        ("ada", NAME, one.results),
    ):
        left = marking.Marked(one, marking.mark(one, outcomes), "", 0, marking.Answer())
        marking.write_marks(path, student, name, {"medical_test-answer": left})
    assert sorted((row["student"], row["assignment"], row["status"]) for row in rows(path)) == [
        ("ada", NAME, "right"),
        ("ada", "exam", "untried"),
        ("li", NAME, "right"),
    ]


def test_the_gradebooks_have_names_and_what_lateness_costs_in_their_columns(tmp_path, monkeypatch):
    monkeypatch.setattr(marking_nbgrader.CsvExportPlugin, "export", lambda *_: None)
    ada = SimpleNamespace(id="a1", first_name="Ada", last_name="Lovelace", email="ada@example.org")
    li = SimpleNamespace(id="b2", first_name=None, last_name=None, email=None)
    handed_in = [
        SimpleNamespace(student=ada, score=9.5, late_submission_penalty=2),
        SimpleNamespace(student=li, score=1, late_submission_penalty=3),
    ]
    exam = SimpleNamespace(name="exam", max_score=12.0, submissions=handed_in)
    to = marking_nbgrader.Gradebooks(to=str(tmp_path / "grades.csv"))
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
        yield folder


def answers_of(notebook):
    return {marking.id_of(c): c for c in notebook.cells if marking.role(c) == "answer"}


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
    place = next(k for k, c in enumerate(nb.cells) if marking.role(c) == "answer")
    nb.cells.insert(place, nbformat.v4.new_code_cell("%precision 3\nmine = 0.85"))
    nb.cells[place + 1].source = "import math\nmedical_test = -math.log(mine)"


def copied(nb, source):
    """An answer cell copied, with its metadata, and another filled in."""
    solved(nb, source)
    place = next(k for k, c in enumerate(nb.cells) if marking.role(c) == "answer")
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
    solved(nb, source)
    gone = {"setup", "short_batch-answer", "short_batch-check"}
    nb.cells = [c for c in nb.cells if marking.id_of(c) not in gone]
    next(c for c in nb.cells if marking.role(c) == "check").metadata = {"nbgrader": "mine"}


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
    columns = re.search(r"a CSV with the columns `([\w,]+)`", page)[1]
    (folder / "roster.csv").write_text(f"{columns}\n{','.join(ADA)}\n")
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
    assert set(one) == set(marking.COLUMNS)


def test_the_gradebooks_have_what_moodle_and_canvas_ask_for(graded):
    folder, students, _ = graded
    moodle, canvas = (rows(folder / f"gradebook-{name}.csv") for name in ("moodle", "canvas"))
    assert list(moodle[0]) == ["First name", "Last name", "ID number", "Email address", NAME]
    assert sorted(row["ID number"] for row in moodle) == sorted(students)
    name, first, last, email = ADA
    (ada,) = (row for row in moodle if row["ID number"] == name)
    assert list(ada.values()) == [first, last, name, email, f"{FULL:.2f}"]
    assert canvas[0]["Student"] == "    Points Possible" and float(canvas[0][NAME]) == FULL
    assert {row["SIS User ID"]: row[NAME] for row in canvas[1:]} == {
        row["ID number"]: row[NAME] for row in moodle
    }


def test_a_feedback_page_has_title_mistake_and_solution_and_asks_nobody(graded):
    folder, students, _ = graded
    mine = next(student for student, kind in students.items() if kind is known_mistake)
    page = (folder / "feedback" / mine / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "Exercise 1 · The medical test" in page and "logarithm to base 10" in page
    assert "A solution." in page and "Traceback" not in page and "<math" in page
    assert "$y$" not in page
    assert "<script" not in page and "src=" not in page and "@import" not in page
    assert "url(" not in page and "<link" not in page


def feedback(folder, student, name, **given):
    """What each check cell of a marked notebook shows on its page."""
    notebook = nbformat.read(folder / "autograded" / student / name / f"{name}.ipynb", 4)
    resources = {"nbgrader": {"student": student, "assignment": name, "notebook": name}}
    step = marking_nbgrader.FeedbackCells(folder=str(folder), **given)
    made, _ = step.preprocess(notebook, resources)
    return [cell for cell in made.cells if marking.role(cell) == "check"]


def test_a_solution_is_shown_when_it_is_asked_for_and_not_before(graded):
    folder, (student, *_), _ = graded
    for given in ({}, {"solutions": True}):
        for cell in feedback(folder, student, NAME, **given):
            shown, asked = cell.metadata.nbgrader, marking.asked(cell).exercise
            assert shown["title"].endswith(f" · {asked.title}")
            assert ("solution_of" in shown) == bool(given)


def test_each_student_s_function_is_called_with_inputs_of_its_own(ours, monkeypatch):
    source = nbformat.read(ours / "source" / NAME / f"{NAME}.ipynb", as_version=4)
    called = []

    def answers(cells, inputs, _):
        called.append(repr(inputs))
        return [marking.Answer() for _ in cells]

    monkeypatch.setattr(marking, "answers", answers)
    for student in ("ada", "li", "ada"):
        marking.mark_notebook(source, student)
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
    told = feedback(tmp_path, third, "exam", solutions=True)[0].metadata.nbgrader["solution_of"]
    assert told[0] == rich(asked[third].right) != rich(number.source.right)
    option = next(k for k, one in enumerate(made.options(second, number)) if one.mistake)
    letters = f"{first},{made.key(first, number)}\n{second},{LETTERS[option]}\n{third},\n"
    (tmp_path / "answers.csv").write_text(f"student,q1\n{letters}")
    exam_marks.mark_file(made, tmp_path / "answers.csv", tmp_path / "paper")
    assert len(rows(tmp_path / "marks.csv")) == 6 and len(rows(tmp_path / "paper/marks.csv")) == 3
    found = room_files.collected(tmp_path)
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
        assert hasattr(getattr(marking_nbgrader, name), option)
    assert marking.SECONDS == 10 and "within ten seconds" in page

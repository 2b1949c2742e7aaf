"""The assignments: each answer has its name, refers to nothing outside, and gives nothing away."""

import re

import nbformat
import pytest

from cecourse.exercise.receipt import MISSING, received
from cecourse.exercise.report import exercises_by_id
from cecourse.lessons.loss_clinic import final_quiz
from tools import _cells, _command
from tools.marking import assignments, marker

NAMES = [path.stem for path in _command.notebooks()]


def graded(notebook, role):
    return [cell for cell in notebook.cells if marker.role(cell) == role]


def source(name):
    return nbformat.read(_command.NOTEBOOKS / f"{name}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def made():
    return {name: assignments.assignment(source(name), name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_an_assignment_has_every_exercise_and_what_it_refers_to(name, made):
    asked = [
        found.exercise
        for cell in source(name).cells
        if cell.cell_type == "code" and (found := _cells.checked(cell.source))
    ]
    answers, checks = graded(made[name], "answer"), graded(made[name], "check")
    assert [marker.id_of(c) for c in checks] == [f"{a}-check" for a in asked]
    assert [marker.asked(c).name for c in answers] == asked
    for cell in checks:
        about = cell.metadata["nbgrader"]
        assert about["locked"] and not about["solution"]
        assert about["points"] == marker.POINTS[marker.asked(cell).exercise.kind]
    assert "<!-- slide" not in "".join(cell.source for cell in made[name].cells)
    names = {}
    for cell in made[name].cells:
        if cell.cell_type == "code":
            exec(cell.source, names)  # a check that is not green raises


@pytest.mark.parametrize("name", NAMES)
def test_nothing_refers_to_a_cell_that_is_not_there(name, made):
    """What a text names as code is shown or defined in the assignment, if the notebook defines it;
    no sentence of a text points at a place in the notebook."""
    defined = set()
    for cell in source(name).cells:
        if cell.cell_type == "code":
            defined |= set(re.findall(r"^def (\w+)|^(\w+) = ", cell.source, re.MULTILINE))
    defined = {one for pair in defined for one in pair if one}
    shown = "\n".join(c.source for c in made[name].cells if c.cell_type == "code")
    spoken = set()
    for cell in made[name].cells:
        if cell.cell_type != "markdown":
            continue
        shown += "".join(re.findall(r"```python\n(.*?)```", cell.source, re.DOTALL))
        spoken |= set(re.findall(r"`(\w+)(?:\([^`]*\))?`", cell.source))
        spoken |= set(re.findall(r"<code>(\w+)", cell.source))
    for one in spoken & defined:
        assert re.search(rf"\b{one}\b", shown), one
    for cell in made[name].cells:
        if cell.cell_type == "markdown":
            assert not assignments.PLACE.search(cell.source)


def test_no_text_of_an_exercise_points_at_a_place_without_its_notebook():
    for one in exercises_by_id().values():
        texts = [one.question, one.right, *one.hints, *(one.choices or {}).values()]
        for text in [*texts, *(mistake.text for mistake in one.mistakes)]:
            for found in assignments.PLACE.finditer(text):
                assert re.search(r"notebook \d\d", found[0]) or "function" in found[0], one.id


def test_the_sentence_about_a_place_goes_and_the_rest_stays():
    text = "It is 0.25. Without the cell above, if you can. Then add 1."
    assert assignments.PLACE.sub("", text) == "It is 0.25. Then add 1."


def test_a_function_that_a_text_speaks_of_comes_along(made):
    given = "\n".join(c.source for c in graded(made["03_binary_cross_entropy"], "given"))
    assert "def log_loss_by_hand" in given


def test_the_quiz_is_an_assignment_of_its_own():
    checks = graded(assignments.quiz(), "check")
    assert len(checks) == len(final_quiz.QUESTIONS)


def test_code_that_needs_more_than_the_assignment_has_is_there_to_be_read():
    new = nbformat.v4
    printed = [new.new_output("stream", text="3")]
    cells = [
        new.new_code_cell("x = 1"),
        new.new_code_cell("print(x + y)", outputs=printed),
        new.new_code_cell("print(x)"),
    ]
    made = assignments.setting(cells, {}, "one")
    assert [(cell.cell_type, cell.source) for cell in made] == [
        ("code", "x = 1"),
        ("markdown", "```python\nprint(x + y)\n```\n\n```text\n3\n```"),
        ("code", "print(x)"),
    ]
    assert [marker.role(cell) for cell in made] == ["given", "", "given"]


def test_a_closed_assignment_says_what_has_arrived_and_no_more(capsys):
    name = "03_binary_cross_entropy"
    closed = assignments.assignment(source(name), name, closed=True)
    names = {}
    for cell in closed.cells:
        if cell.cell_type == "code":
            exec(cell.source.partition("### BEGIN")[0], names)
    assert capsys.readouterr().out.splitlines() == [MISSING] * 6
    text = "\n".join(cell.source for cell in closed.cells if cell.cell_type == "code")
    assert "exercises" not in text and "evaluate" not in text


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        ("number", 0.25, "Received: 0.25"),
        ("number", "x", "Not received. A number"),
        ("array", [1, 2], "Received: [1, 2]"),
        ("choice", "Z", "Received: Z"),
        ("choice", 2, "Not received. The answer is a letter"),
        ("truth", True, "Received: True"),
        ("truth", 1, "Not received. The answer is True or False"),
        ("function", 3, "Not received. The answer is a function"),
        ("function", len, "Received: the function len"),
    ],
)
def test_a_receipt_knows_the_kind_alone(kind, answer, said):
    assert received(kind, answer).startswith(said)


def test_an_unknown_name_is_refused(tmp_path):
    with pytest.raises(ValueError, match="begins with 99"):
        assignments.write_course(tmp_path, ("99",))

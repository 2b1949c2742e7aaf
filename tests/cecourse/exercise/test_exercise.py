"""The engine of the exercises, on toy exercises: judging, feedback, hints, sources, records."""

import importlib
import json
import math
import re
import sys
import textwrap
import zipfile
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from cecourse import store
from cecourse.exercise import report
from cecourse.exercise.compare import difference
from cecourse.exercise.design import holds, problems
from cecourse.exercise.display import rich
from cecourse.exercise.exercise import TRIES, exercise
from cecourse.exercise.mistake import AnySize
from cecourse.lessons import Notebook

TEXTS = {"title": "A toy", "hints": ["Look.", "Look harder."], "right": "Right: well done."}
ILL = 0.85


@exercise("90", **TEXTS | {"right": "Right: 0.1625. A mild surprise."})
def charge():
    """What does log loss charge for 0.85?

    The patient is ill.
    """

    # the surprise of what happened
    return -math.log(ILL)


@charge.mistake("In base 10, that is.")
def _base_ten():
    return -math.log10(ILL)


@charge.mistake("What stands before the log?")
def _sign():
    return math.log(ILL)


@exercise("90", **TEXTS | {"right": "Right: 0.105, 0.511 and 1.609, in this order."})
def terms():
    """Which terms?"""
    return -np.log([0.9, 0.6, 0.2])


@terms.mistake("Bits.")
def _bits():
    return -np.log2([0.9, 0.6, 0.2])


@terms.mistake("Averaged too early.")
def _mean():
    return -np.log([0.9, 0.6, 0.2]).mean()


@exercise("91", **TEXTS, probes=[(1, 0.85), (0, 0.85), (1, 0.0)])
def log_loss(y, p):
    """Write log loss."""
    return float(-np.log(p if y else 1 - p))


@log_loss.mistake("For y = 0 look at 1 − p.")
def _one_sided(y, p):
    return float(-np.log(p))


@log_loss.mistake("log 0 needs care.")
def _crashes(y, p):
    return -math.log(p if y else 1 - p)


@exercise(
    "91",
    **TEXTS,
    choices={"a": "log loss", "b": "accuracy", "c": "hinge"},
    mistakes={"b": "Flat almost everywhere.", "c": "Not a probability."},
)
def which():
    """Which loss grades a probability?"""
    return "a"


@exercise("91", **TEXTS)
def proper():
    """Is log loss proper?"""
    return True


@proper.mistake("What minimises its mean?")
def _improper():
    return False


@exercise("91", **TEXTS, probes=[0.5, 2.0])
def guarded(p):
    """Refuse what is no probability."""
    if not 0 <= p <= 1:
        raise ValueError(f"p must lie in [0, 1]; got {p}")
    return -math.log(p)


@guarded.mistake("Nothing is refused.")
def _unguarded(p):
    return -math.log(p)


@guarded.mistake("Base 10.")
def _guarded_base_ten(p):
    return -math.log10(p) if p <= 1 else guarded.function(p)


TOYS = [charge, terms, log_loss, which, proper, guarded]


@pytest.mark.parametrize("toy", TOYS, ids=lambda toy: toy.name)
def test_the_toys_are_sound(toy):
    assert problems(toy) == []


# -- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        0.1625,
        0.163,
        np.float32(0.16252),
        np.array(0.1625),
        Fraction(13, 80),
        Decimal("0.1625"),
    ],
)
def test_three_digits_of_any_kind_of_number_are_right(answer):
    assert charge.evaluate(answer).status == "right"


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (..., "untried", "Not tried yet"),
        ([0.1, ...], "untried", "Not tried yet"),
        (None, "error", "None"),
        ("0.1625", "error", "without quotes"),
        ("16%", "error", "per cent"),
        ("small", "error", "text"),
        (True, "error", "truth value"),
        (math.log, "error", "with brackets"),
        ({0.1625}, "error", "type `set`"),
        (1j, "error", "complex"),
        (10**400, "error", "larger than any float"),
        ([[1], [1, 2]], "error", "differ in length"),
        (["a", 1], "error", "text"),
        (math.nan, "wrong", "nan"),
        (-math.inf, "wrong", "infinity"),
        (0.16, "wrong", "Close"),
        (0.2, "wrong", "too large"),
        (0.164, "wrong", "less than one part in a hundred"),
        (0.165, "wrong", "too large"),
        (
            0.085,
            "wrong",
            "too small",
        ),  # within half a unit of the first digit, yet no rounding of it
        (0.18, "wrong", "too large"),
        (0.05, "wrong", "too small"),
        (-5, "wrong", "sign"),
        (16.25, "mistake", "per cent"),
        (0.23446, "mistake", "to base 2"),
        (0.325, "wrong", "factor of 2"),
        ([0.1625], "wrong", "one number and yours is an array of shape (1,)"),
        ([0.125, 0.2], "wrong", "average"),
        ([0.1, 0.0625], "wrong", "add up"),
        (-0.1625, "mistake", "before the log"),
    ],
)
def test_a_number_is_told_what_may_have_happened(answer, status, words):
    feedback = charge.evaluate(answer)
    assert feedback.status == status
    assert words in feedback.text
    assert not holds(feedback.text, 0.1625)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (0.105, "an array of shape (3,) and yours is one number"),
        ([[0.10536], [0.51083], [1.60944]], "and yours is an array of shape (3, 1); the numbers"),
        ([0.51083, 0.10536, 1.60944], "order"),
        ([0.10536, 0.5, 1.60944], "2 of 3 entries fit; the first that does not is at index 1"),
        ([0.316, 1.532, 4.828], "same factor"),
        ([-0.10536, -0.51083, -1.60944], "sign"),
        ([0.10536, math.nan, 1.60944], "nan"),
    ],
)
def test_an_array_is_told_what_may_have_happened(answer, words):
    feedback = terms.evaluate(answer)
    assert feedback.status == "wrong"
    assert words in feedback.text


def test_lists_tuples_and_arrays_are_one():
    for kind in (list, tuple, np.array):
        assert terms.evaluate(kind([0.105, 0.511, 1.61])).status == "right"


@pytest.mark.parametrize(
    ("solution", "right", "wrong"),
    [
        (0.0, 4e-4, 6e-4),
        (math.inf, math.inf, -math.inf),
        (math.nan, math.nan, 0.0),
        (2_400_000, 2_404_000, 2_406_000),
        (0.1625, 0.162, 0.1619),
        (1e-17, 1e-17, 0.0),
        (5e-324, 5e-324, 1e-300),
        # just below a power of ten the unit is a tenth of the one above
        (1.0, 0.9996, 0.9951),
        (1.0, 1.004, 1.006),
        (-1.0, -0.9996, -0.9951),
        (0.9996, 1.00, 1.001),
        (0.9993, 0.999, 1.00),
        (1.0049, 1.00, 0.999),
        (10.004, 10.0, 9.99),
        (0.09996, 0.1, 0.0994),
        ([1.0, 2.0], [0.9996, 2.004], [0.9951, 2.0]),
    ],
)
def test_the_tolerance_is_half_a_unit_in_the_third_digit(solution, right, wrong):
    toy = exercise("90", **TEXTS)(lambda: solution)
    assert toy.evaluate(right).status == "right"
    assert toy.evaluate(wrong).status == "wrong"


def test_half_a_unit_to_either_side_is_granted():
    toy = exercise("90", **TEXTS)(lambda: 0.1625)
    assert toy.evaluate(0.162).status == toy.evaluate(0.163).status == "right"


@pytest.mark.parametrize(
    ("solution", "answer", "words"),
    [
        (13.83, 20, "too large"),
        (13.83, 20.0, "too large"),
        (0.1504, 0.3, "too large"),
        (0.15, 0.3, "factor of 2."),
        (0.16252, 0.2351, "too large"),
        (13.85, 20.05, "too large"),
        (0.0, 8e-4, "too large"),  # 0 is nothing rounded
        (0.6, 0.6044, "too large"),
        (0.0097, 0.01, "too large"),
        (0.00972, 0.0097, "Close"),
        (0.3, -0.8473, "log-odds"),
        (0.3, -0.9, "sign"),
        (0.016, 1.6, "a sum over a hundred"),
        ([0.16252, 0.0], [0.18, 0.0], "1 of 2 entries fit"),
        ([0.16252, 0.35], [0.234, 0.505], "same factor"),
        ([0.16252, 0.0], [0.325, 0.0], "1 of 2 entries fit"),
        ([0.69, 1.38], [1, 2], "same factor"),
    ],
)
def test_a_known_factor_is_no_coincidence_of_few_digits(solution, answer, words):
    assert words in difference(np.array(answer, dtype=float), np.array(solution, dtype=float))


def test_a_tiny_number_is_not_the_zero_of_a_mistake():
    toy = toy_of(0.7, (0.0, "Nothing."), (1e-4, "Too little."), right="Right: 0.7.")
    assert toy.evaluate(0).mistake == toy.evaluate(-1e-16).mistake == "mistake_0"
    assert toy.evaluate(1e-4).mistake == "mistake_1"
    assert toy.evaluate(3e-4).status == "wrong"
    assert problems(toy) == []


def test_digits_and_atol_can_be_set():
    assert exercise("90", **TEXTS, digits=5)(lambda: 0.16252).evaluate(0.1625).status == "wrong"
    assert exercise("90", **TEXTS, atol=1e-9)(lambda: 1e-17).evaluate(0).status == "right"


# -- choices --------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["a", "A", "(a)", "a.", " a ", "log loss"])
def test_an_option_may_be_written_as_people_write_it(answer):
    assert which.evaluate(answer).status == "right"


def test_every_wrong_option_has_its_own_text():
    assert which.evaluate("b").text == "Not yet. Flat almost everywhere."
    assert which.evaluate("d").text == 'Not yet. Answer with "a", "b" or "c".'
    assert proper.evaluate(np.True_).status == "right"
    assert proper.evaluate(False).mistake == "_improper"
    assert proper.evaluate(3).text == "Not yet. Answer with True or False."


def test_the_solution_of_a_choice_is_the_option_and_why(capsys):
    which.solution()
    assert capsys.readouterr().out == f"a: log loss\n\n{which.right}\n"


# -- functions ------------------------------------------------------------------------------------


def right(y, p):
    return -np.log(p if y else 1 - p)


def in_place(p):
    if p[0] > 1:
        raise ValueError
    p -= p
    return p


@pytest.mark.parametrize(
    "answer",
    [
        right,
        lambda y, p: np.array(right(y, p)),
        lambda *args: right(*args),
        lambda y, p, extra=1: round(right(y, p), 3),
        lambda y, p: print("thinking") or right(y, p),
    ],
)
def test_a_right_function_may_be_written_in_many_ways(answer):
    assert log_loss.evaluate(answer).status == "right"


def unfinished(y, p):
    """To be written."""


def forever(y, p):
    return forever(y, p)


def no_return(y, p):
    right(y, p)


def leaves(y, p):
    sys.exit("bye")


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (0.1625, "error", "`exercises.log_loss.check(f)`, not `exercises.log_loss.check(f(…))`"),
        (lambda p: p, "error", "will be called with `(y, p)`, and it takes `(p)`"),
        (unfinished, "untried", "Not tried yet"),
        (lambda y, p: None, "untried", "Not tried yet"),
        (lambda y, p: ..., "untried", "Not tried yet"),
        (lambda y, p: -..., "untried", "Not tried yet"),
        (no_return, "error", "did you forget `return`?"),
        (forever, "error", "calls itself without end"),
        (leaves, "error", "SystemExit: bye"),
        (
            lambda y, p: 1 / (y - 1),
            "error",
            "`lambda y, p: 1 / (y - 1),`: ZeroDivisionError: division by zero.",
        ),
        (lambda y, p: [p, p], "wrong", "one number and yours is an array of shape (2,)"),
        (lambda y, p: "a", "error", "text"),
        (lambda y, p: (x for x in [y, p]), "error", "type `generator`"),
        (
            lambda y, p: right(y, p) if y else 5.0,
            "wrong",
            "For `y = 0; p = 0.85` your function gives `5`. It is too large. (2 of 3 inputs",
        ),
        (lambda y, p: -right(y, p), "mistake", "The sign is turned round"),
    ],
)
def test_a_function_is_told_what_may_have_happened(answer, status, words):
    feedback = log_loss.evaluate(answer)
    assert feedback.status == status
    assert words in feedback.text


class Mute:
    """What cannot be shown or compared."""

    def __repr__(self):
        raise RuntimeError("no words")

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    __hash__ = None


class MuteError(TypeError):
    def __str__(self):
        raise RuntimeError("no words")


def raises_mute(*args):
    raise MuteError


def needs_more(y, p, x, more=Mute()): ...  # noqa: B008


def endless(width=1):
    """A list that holds itself; NumPy would follow it until no memory is left."""
    found = []
    found.extend([found] * width)
    return found


def deep(levels):
    """Lists in lists."""
    found = [1.0]
    for _ in range(levels):
        found = [found]
    return found


def endless_array():
    found = np.empty(1, dtype=object)
    found[0] = found
    return found


@pytest.mark.parametrize(
    "answer",
    [
        Mute(),
        [Mute()],
        endless(),
        endless(2),
        (endless(), 1),
        endless_array(),
        deep(20),
        deep(5000),
        MuteError(),
        raises_mute,
        needs_more,
        lambda *args: Mute(),
        lambda *args: [Mute()],
        lambda *args: endless(),
        lambda *args: endless(2),
        lambda *args: deep(5000),
        lambda *args: endless_array(),
    ],
)
@pytest.mark.parametrize("toy", TOYS, ids=lambda toy: toy.name)
def test_whatever_is_answered_a_sentence_comes_back(toy, answer, capsys):
    toy.check(answer)
    assert capsys.readouterr().out.startswith("Not yet. ")
    assert toy.record()["tries"] == 1


def test_an_ellipsis_is_found_beside_a_list_that_holds_itself():
    assert charge.evaluate([endless(2), [1, (2, ...)]]).status == "untried"


def test_what_cannot_be_shown_is_named_by_its_type():
    assert "MuteError: an object of type MuteError." in log_loss.evaluate(raises_mute).text
    assert "gives `an object of type Mute`" in log_loss.evaluate(lambda y, p: Mute()).text


def test_a_function_that_gives_none_is_the_mistake_that_gives_none():
    toy = exercise("90", **TEXTS, probes=[1.0])(lambda p: p)
    toy.mistake("Return it.")(lambda p: None)
    assert toy.evaluate(lambda p: print(end="")).status == "mistake"


def test_a_crash_that_is_a_known_mistake_is_named():
    feedback = log_loss.evaluate(lambda y, p: -math.log(p if y else 1 - p))
    assert (feedback.status, feedback.mistake) == ("mistake", "_crashes")


def test_an_expected_refusal_is_part_of_the_answer():
    def refuses(p):
        if p > 1:
            raise ValueError("no")
        return -math.log(p)

    assert guarded.evaluate(refuses).status == "right"
    assert "such an input" in guarded.evaluate(lambda p: -math.log(min(p, 1))).text


def test_a_function_that_changes_its_input_changes_only_a_copy_and_is_told():
    toy = exercise("90", **TEXTS, probes=[np.array([0.5, 0.5])])(lambda p: p * 0)
    for _ in range(2):
        feedback = toy.evaluate(in_place)
        assert (feedback.status, feedback.mistake) == ("mistake", "changes_its_argument")
    assert toy.probes[0][0].tolist() == [0.5, 0.5]


def test_warnings_stay_inside(recwarn):
    log_loss.evaluate(lambda y, p: np.log(np.array(-1.0)) + right(y, p))
    assert len(recwarn) == 0


# -- a mistake in many ways ------------------------------------------------------------------------


@exercise("91", **TEXTS, probes=[(1.0, 2.0), (3.0, 0.5)])
def slope(x, w):
    """Write the slope."""
    return w * x


@slope.mistake("Something was added.", size=AnySize(1e-3, 1e6), sign=(1, -1))
def _moved(x, w, size, sign):
    return w * x + sign * size / w


@slope.mistake("A power.", power=(2, 3))
def _power(x, w, power):
    return w * x**power


@pytest.mark.parametrize("size", [1e-3, 0.0123456, 0.5, 777.0, 1e6])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_mistake_is_known_in_any_size_and_in_each_of_its_ways(size, sign):
    feedback = slope.evaluate(lambda x, w: w * x + sign * size / w)
    assert (feedback.status, feedback.mistake) in {
        ("mistake", "_moved"),
        ("right", None),  # too small for three digits
    }
    assert feedback.status == "mistake" or size == 1e-3


def test_what_only_looks_like_it_is_another_mistake():
    assert slope.evaluate(lambda x, w: w * x**3).mistake == "_power"
    assert slope.evaluate(lambda x, w: w * x + 0.3).status == "wrong"
    assert slope.evaluate(lambda x, w: w * x + 1e7 / w).status == "wrong"
    assert slope.evaluate(lambda x, w: 1 / 0).status == "error"
    assert slope.evaluate(lambda x, w: [x, w]).status == "wrong"
    assert problems(slope) == []


def test_a_mistake_that_is_never_wrong_is_found():
    def product(x, w):
        """Question?"""
        return w * x

    toy = exercise("91", **TEXTS, probes=[(1.0, 2.0)])(product)
    toy.mistake("It hardly moves.", size=AnySize(1e-9, 1e-6))(lambda x, w, size: w * x + size)
    assert any("right in each of its ways" in problem for problem in problems(toy))


def test_a_function_is_told_of_early_rounding_only_where_it_rounds_everywhere():
    toy = exercise("91", **TEXTS, probes=[0.97, 0.123456])(lambda p: p)
    assert "Close" in toy.evaluate(lambda p: round(p, 1)).text
    assert "Close" not in toy.evaluate(lambda p: 1.0).text


# -- what the notebook shows ----------------------------------------------------------------------


def test_check_prints_one_message_and_returns_none(capsys):
    assert charge.check(7) is None
    assert capsys.readouterr().out == "Not yet. It is too large. `exercises.charge.hint()` helps.\n"


def test_in_a_notebook_text_and_html_say_the_same(monkeypatch):
    display = pytest.importorskip("IPython.display")
    shown = []
    monkeypatch.setattr("IPython.get_ipython", object)
    monkeypatch.setattr(display, "display", lambda data, raw: shown.append(data))
    charge.check(0.07058)
    (data,) = shown
    assert data["text/plain"] == "Not yet. In base 10, that is."
    assert "<strong>Not yet.</strong> In base 10" in data["text/html"]


def test_what_a_learner_typed_is_escaped(monkeypatch):
    display = pytest.importorskip("IPython.display")
    shown = []
    monkeypatch.setattr("IPython.get_ipython", object)
    monkeypatch.setattr(display, "display", lambda data, raw: shown.append(data["text/html"]))
    log_loss.check(lambda y, p: "<script>")
    assert "&lt;script&gt;" in shown[0]
    assert "<script>" not in shown[0]


@pytest.mark.parametrize(
    ("toy", "words"),
    [
        (
            charge,
            "What does log loss charge for 0.85?\n\nThe patient is ill.\n\nAnswer with a number: "
            "`answer = …`, then `exercises.charge.check(answer)`.",
        ),
        (terms, "an array of shape (3,)"),
        (log_loss, "Answer with a function of (y, p): `exercises.log_loss.check(your_function)`."),
        (which, "  b: accuracy\n"),
        (proper, "Answer with True or False"),
    ],
)
def test_an_exercise_shows_its_question_and_how_to_answer(toy, words):
    assert words in repr(toy)
    page = re.sub(r"<[^>]+>", "", toy._repr_html_())
    assert words.split("\n")[0].replace("`", "") in page


def test_hints_come_one_by_one(capsys, monkeypatch):
    monkeypatch.setattr(charge, "_hints_given", 0)
    for _ in range(3):
        charge.hint()
    assert capsys.readouterr().out.splitlines() == [
        "Hint 1 of 2: Look.",
        "Hint 2 of 2: Look harder.",
        "Hint 2 of 2: Look harder.",
        "",
        "That was the last hint; `exercises.charge.solution()` shows one way to do it.",
    ]


def test_the_solution_is_clean_code_that_runs(capsys):
    charge.solution()
    source = capsys.readouterr().out
    assert source == textwrap.dedent("""\
        import math
        ILL = 0.85

        def charge():
            # the surprise of what happened
            return -math.log(ILL)
        """)
    scope = {}
    exec(source, scope)
    assert scope["charge"]() == charge.results[0].value


# -- records --------------------------------------------------------------------------------------


def test_a_record_keeps_tries_hints_and_what_was_typed(capsys):
    charge.check(...)
    assert charge.record()["tries"] == 0
    charge.check(0.1625)
    charge.check([1, 2])
    charge.hint()
    charge.solution()
    record = charge.record()
    assert record.pop("hints") >= 1
    assert [list(one) for one in record.pop("history")] == [["time", "status"]] * 2
    assert record.pop("again") == 0
    assert record == {
        "tries": 2,
        "solved": True,
        "solution_shown": True,
        "answer": "[1, 2]",
        "right_answer": "0.1625",
    }


def test_of_a_function_the_source_is_kept(capsys):
    log_loss.check(right)
    assert log_loss.record()["answer"].startswith("def right(y, p):\n    return")
    log_loss.check(np.log)
    assert log_loss.record()["answer"] == "<ufunc 'log'>"


def test_of_a_long_answer_the_two_ends_are_kept(capsys):
    charge.check([0.5, *[0.0] * 100_000, 0.25])
    kept = charge.record()["answer"]
    assert len(kept) < 5000
    assert kept.startswith("[0.5, 0.0") and kept.endswith("0.0, 0.25]")
    assert "\n[… shortened by 496011 characters …]\n" in kept
    charge.check("x" * 3998)
    assert charge.record()["answer"] == repr("x" * 3998)


# -- unsound exercises are found ------------------------------------------------------------------


def toy_of(value, *mistakes, doc="Question?", **options):
    """An exercise made of values; each mistake is a (value, text)."""

    def solution():
        return value

    solution.__doc__ = doc
    toy = exercise("90", **{**TEXTS, **options})(solution)
    for i, (wrong, text) in enumerate(mistakes):

        def make(wrong=wrong):
            return wrong

        make.__name__ = f"mistake_{i}"
        toy.mistake(text)(make)
    return toy


A, B = (1.5, "First."), (2.5, "Second.")


@pytest.mark.parametrize(
    ("toy", "words"),
    [
        (toy_of(0.7, A), "1 mistakes"),
        (toy_of(0.7, A, B, doc=""), "no docstring"),
        (toy_of(0.7, A, B, hints=["One."]), "fewer than 2 hints"),
        (toy_of(0.7, A, B, hints=["One.", "Simply obviously: simply."]), "tone"),
        (toy_of(0.7, A, B, right="Yes"), "begin with"),
        (toy_of(0.7, A, (0.7004, "As good.")), "mistake_1 (exact) is not told apart"),
        (toy_of(0.7, A, (1.501, "Another?")), "mistake_1 (exact) is not told apart"),
        (toy_of(0.7123, A, (2.5, "It is 0.712.")), "stands in: 'It is 0.712.'"),
        (toy_of(0.7123, A, (2.5, "Not −0.7123!")), "stands in"),
        (toy_of(0.7123, A, B, right="Right: 0.721."), "praise does not state 0.7123"),
        (toy_of(0.7123, A, B, right="Right: 0.7124."), "praise does not state 0.7123"),
        (toy_of(0.7123, A, B, right="Right: fine. It is 0.7123."), "praise does not state"),
        (toy_of(-0.7123, A, B, right="Right: 0.7123."), "praise does not state -0.7123"),
        (toy_of([0.71, 0.3], A, B, right="Right: 0.71 and 0.29."), "praise does not state 0.3"),
        (toy_of(0.7, A, (2.5, "2.4 is a share.")), "mistake_1 gives [2.5], and is told of 2.4"),
        (toy_of(0.7, A, (2.5, "Almost: 2.4 nats is a share.")), "is told of 2.4"),
        (toy_of(0.7, A, (0.5, "1/3 is a share.")), "is told of 1/3"),
        (toy_of([0.71, 0.29], A, (2.5, "0.71 and 0.29.")), "stands in"),
        (toy_of(0.7, A, B, hints=["One.", "So .700 it is."]), "stands in"),
        (toy_of(None, A, B), "not numeric"),
        (toy_of("b", A, B), "not numeric"),
        (toy_of("z", choices={"a": "A", "b": "B"}), "none of the options"),
        (toy_of("a", choices={"a": "A", "b": "B", "c": "C"}, mistakes={"b": "No."}), "['c']"),
        (toy_of("a", choices={"a": "A", "b": "B"}, mistakes={"b": "No.", "d": "?"}), "['d']"),
        (exercise("90", **TEXTS)(lambda: 1 / 0), "the solution fails: ZeroDivisionError"),
        (exercise("90", **TEXTS, probes=[])(lambda p: p), "no probe"),
        (exercise("90", **TEXTS, probes=[(1, 2)])(lambda p: p), "the solution fails: TypeError"),
    ],
)
def test_what_is_unsound_is_named(toy, words):
    assert any(words in problem for problem in problems(toy)), problems(toy)


def _helper():
    return 0.7


@exercise("90", **TEXTS)
def helped():
    """Question?"""
    return _helper()


def test_a_solution_that_hides_a_helper_is_unsound():
    assert any("cannot show ['_helper']" in problem for problem in problems(helped))


GOOD = '''
import math
from cecourse.exercise.exercise import TRIES, exercise
from cecourse.exercise.mistake import AnySize

@exercise("{notebook}", title="T", hints=["One.", "Two."], right="Right: 2.718.")
def question():
    """Question?"""
    return math.exp({solution})

@question.mistake("First.")
def _first():
    return math.exp(2)

@question.mistake("Second.")
def _second():
    return math.exp(3)
'''


@pytest.fixture(params=["folder", "zip"])
def package(request, tmp_path, monkeypatch):
    """A package with a sound module and one whose solution equals a known mistake."""
    name = f"toys_in_{request.param}"
    files = {
        f"{name}/__init__.py": "",
        f"{name}/sound/__init__.py": "",
        f"{name}/sound/exercises.py": GOOD.format(notebook="02", solution=1),
        f"{name}/broken/__init__.py": "",
        f"{name}/broken/exercises.py": GOOD.format(notebook="01", solution=2),
        f"{name}/broken/pictures.py": "raise RuntimeError",
    }
    place = tmp_path
    if request.param == "zip":
        place = tmp_path / "toys.zip"
        with zipfile.ZipFile(place, "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)
    else:
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
    monkeypatch.syspath_prepend(str(place))
    yield importlib.import_module(name)
    for module in [module for module in sys.modules if module.startswith(name)]:
        del sys.modules[module]


def test_modules_are_walked_and_a_broken_exercise_is_found(package):
    broken, sound = report.all_exercises(package)
    assert (broken.id, sound.id) == ("01/question", "02/question")
    assert problems(sound) == []
    assert any("_first (exact) is not told apart" in problem for problem in problems(broken))


def test_the_solution_can_be_shown_from_a_zip(package, capsys):
    report.all_exercises(package)[1].solution()
    assert capsys.readouterr().out == ("import math\n\ndef question():\n    return math.exp(1)\n")


def test_progress_has_a_row_for_each_notebook(package, monkeypatch, capsys):
    found = report.all_exercises(package)
    monkeypatch.setattr(report, "all_exercises", lambda: found)
    monkeypatch.setattr(report, "NOTEBOOKS", [Notebook("01", "broken", "Broken", "", "", 1, 1)])
    assert report.progress() is None
    assert capsys.readouterr().out == (
        "Your progress: 0 of 2 exercises solved\n"
        "01 Broken  ░░░░░░░░   0 of  1    0 tries\n"
        "02 sound   ░░░░░░░░   0 of  1    0 tries\n"
    )
    found[1].check(5)
    found[1].check(math.e)
    capsys.readouterr()
    report.progress()
    assert "02 sound   ████████   1 of  1    2 tries\n" in capsys.readouterr().out
    made = {"time": "2026-01-01T00:00:00+00:00", "chosen": "a", "hit": True, "price": 0.1}
    store.write("predictions", "01/one", made | {"sure": 0.9, "of": 2})
    store.write("predictions", "02/one", made | {"sure": 0.4, "of": 3})
    report.progress()
    first, one, two = capsys.readouterr().out.splitlines()
    assert first.endswith("solved; predictions: 2 at 0.51 nats, nothing known 0.90")
    assert one.endswith("0 tries  predictions: 1 at 0.11 nats, nothing known 0.69")
    assert two.endswith("2 tries  predictions: 1 at 0.92 nats, nothing known 1.10")


def test_the_bar_is_full_only_at_the_end():
    assert [report.bar(n, 20) for n in (0, 1, 19, 20)] == [
        "░░░░░░░░",
        "█░░░░░░░",
        "███████░",
        "████████",
    ]


def test_the_table_can_be_read_aloud():
    page = report._as_html("Your progress", [("01 A & B", 1, 4, 3, "2 at 0.51 nats")])
    assert 'role="progressbar" aria-label="01 A &amp; B"' in page
    assert 'aria-valuemax="4" aria-valuenow="1"' in page
    assert "<caption" in page


def test_a_question_reads_as_prose_and_keeps_its_options_apart():
    text = "Is *this* `a*b`\none line?\n\n  a: yes\n  b: no"
    assert rich(text) == "Is <em>this</em> <code>a*b</code> one line?<br><br>  a: yes<br>  b: no"


def test_the_last_tries_are_kept_and_no_more(capsys):
    for k in range(100):
        charge.check(0.3 + k)
    record = charge.record()
    assert (record["tries"], len(record["history"])) == (100, TRIES)
    assert 200 * TRIES * 108 < 1_000_000  # of all exercises, in bytes
    assert len(json.dumps(record["history"])) < 200 * TRIES
    charge.check(-math.log10(ILL))
    last = charge.record()["history"][-1]
    assert (last["status"], last["mistake"]) == ("mistake", "_base_ten")

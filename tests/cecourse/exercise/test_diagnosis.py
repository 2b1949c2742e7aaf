"""A mistake found by search: what counts as an explanation, what is tried, what is named."""

import math
from collections import Counter
from functools import cache

import numpy as np
import pytest

from cecourse.exercise.compare import pasted
from cecourse.exercise.design import holds
from cecourse.exercise.diagnosis import digits_of, information, information_of
from cecourse.exercise.exercise import exercise
from cecourse.exercise.expressions import FUNCTIONS, OPERATORS, shortest
from cecourse.exercise.mutants import mutants
from cecourse.exercise.report import all_exercises
from cecourse.exercise.roads import changes_of_result
from tools.bench.exercises import all_told

TEXTS = {"title": "A toy", "hints": ["Look.", "Look harder."], "right": "Right: well done."}
FUNCTION_EXERCISES = [one for one in all_exercises() if one.kind == "function"]


def toy(solution, **more):
    return exercise("90", **TEXTS, **more)(solution)


# -- what counts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "digits"), [(0.5, 1), (0.0625, 3), (550, 2), (1 / 3, 12), (0.1 + 0.2, 1), (0, 0)]
)
def test_the_digits_of_an_answer_are_those_that_say_something(answer, digits):
    assert digits_of(np.array(answer, dtype=float)) == digits


def test_a_number_holds_the_bits_of_its_digits():
    assert [round(information(k), 1) for k in range(5)] == [0.0, 3.2, 6.5, 9.8, 13.1]


def test_a_simple_fraction_holds_what_it_takes_to_say_it_and_a_number_counts_once():
    assert math.isclose(information_of(np.array(2 / 3)), math.log2(3 * 3))
    assert math.isclose(information_of(np.array([0.1234, 0.1234, 0.0])), information(4))


def charge(p=0.85):
    """What does log loss charge for {p}?"""
    return -math.log(p)


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (-math.log2(0.85), "base_2"),
        (0.2345, "base_2"),
        (0.2344, "base_2"),  # cut off
        (math.log(0.85), "sign"),
        (-math.log(0.15), "other_outcome"),
        (-math.log2(0.15), "other_outcome+base_2"),
        (0.85, "given"),
        (0.85**3 / 2, None),
        (0.3, None),  # one digit: too many roads lead there
        (0.23, None),
        (42, None),
        (math.nan, None),
        (math.inf, None),
    ],
)
def test_an_explanation_takes_fewer_bits_than_the_digits_it_explains(answer, name):
    assert toy(charge).evaluate(answer).mistake == name


def test_a_written_mistake_wins():
    asked = toy(charge)
    asked.mistake("Bits, by hand.")(lambda p: -math.log2(p))
    assert asked.evaluate(-math.log2(0.85)).text == "Not yet. Bits, by hand."


# -- expressions ----------------------------------------------------------------------------------

GIVEN = {"0.55": 0.55, "0.05": 0.05, "0.9": 0.9}


@pytest.mark.parametrize(
    ("a", "text"),
    [
        (0.9, "0.9"),
        (0.1, "1 − 0.9"),
        (-math.log(0.55), "−ln(0.55)"),
        (math.exp(-0.9), "e^(−0.9)"),
        (0.55 / 0.9, "0.55 / 0.9"),
        (0.05 - 0.55, "0.05 − 0.55"),
        ((0.55 - 0.05) / 0.9, "(0.55 − 0.05) / 0.9"),
        (0.55 / 0.45, "0.55 / (1 − 0.55)"),
        (math.log(0.9 / 0.55), "−ln(0.55 / 0.9)"),
        (0.9 - 0.05 * math.log(0.55), None),
        (0.9 * -math.log(0.55), "−ln(0.55) · 0.9"),
        (0.9 * 0.9, "0.9²"),
        (123.456, None),
    ],
)
def test_the_shortest_expression_is_found_and_written(a, text):
    found = shortest(GIVEN, a, 12, 17.5, never=0.3)
    assert (found and found.text) == text


def test_every_form_of_an_expression_is_written_as_it_is_computed():
    """Each is read back by Python."""
    for form in (*FUNCTIONS, *OPERATORS):
        given = {"0.37": 0.37, "0.83": 0.83}
        a = float(form.compute(*list(given.values())[: len(form.parts)]))
        found = shortest(given, a, 12, 14, never=9)
        assert math.isclose(_read(found.text), a, rel_tol=1e-9), form.written


def _read(text):
    for old, new in {"−": "-", "·": "*", "^": "**", "²": "**2", "₂": "2", "₁₀": "10"}.items():
        text = text.replace(old, new)
    names = {"ln": math.log, "log2": math.log2, "log10": math.log10, "e": math.e}
    text = f"({text.replace('√', '')}) ** 0.5" if "√" in text else text
    return eval(text, names)


def test_no_part_of_an_expression_is_the_answer():
    assert shortest({"0.85": 0.85}, 2 * 0.1625, 12, 17, never=0.1625) is None
    found = shortest({"0.85": 0.85}, -(math.log(0.85) ** 2), 12, 17, never=math.log(0.85))
    assert found is None


# -- mutants --------------------------------------------------------------------------------------


def mean_price(y, p):
    """Mean loss."""
    y, p = np.asarray(y), np.asarray(p)
    total = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p), axis=0)
    return total if y.size else 0.0


def test_one_thing_is_changed_in_each():
    names = Counter(one.name for one in mutants(mean_price))
    wanted = {
        "sign_dropped",
        "sum_for_mean",
        "one_less",
        "term_dropped",
        "plus_for_minus",
        "difference_reversed",
        "factor_dropped",
        "times_for_over",
        "no_logarithm",
        "base_2",
        "base_10",
        "eps_added",
        "clipped",
        "clipped_twice",
        "other_given",
        "other_outcome",
        "one_case",
        "no_axis",
        "other_axis",
    }
    assert wanted <= set(names)


def test_a_size_is_found_and_told():
    asked = toy(mean_price, probes=[([1, 0, 1], [0.9, 0.2, 1e-7]), ([1, 1], [0.5, 1e-9])])
    for eps in (1e-6, 1e-4):
        clipped = asked.evaluate(lambda y, p, eps=eps: mean_price(y, np.maximum(p, eps)))
        assert clipped.mistake in ("clipped", "eps_added")
        assert f"about {eps:.0e}" in clipped.text


def test_without_a_source_there_are_no_mutants():
    assert mutants(eval("lambda p: -p")) == []


@pytest.mark.parametrize("one", FUNCTION_EXERCISES, ids=lambda one: one.id)
def test_the_inputs_part_the_changes(one):
    """The matrix: a row for each change, a mark for each input that it gets wrong."""
    kept = []
    for change in one.roads:
        function = list(change.examples(3))[-1]
        marks = [
            one.agree([a], [s]) for a, s in zip(one.outcomes(function), one.results, strict=True)
        ]
        print(f"{change.name:22}", "".join(".x"[not fits] for fits in marks))
        kept += [change.name] if all(marks) else []
    assert set(kept) - SAME == ALSO_SAME.get(one.id, set()), Counter(kept)


# What comes to the same: nothing is infinite, or shares sum to 1 already, or it is not to be seen.
SAME = {"infinite_left_out", "made_finite", "normalised", "clipped", "clipped_twice", "eps_added"}
UNUSED = {"other_outcome", "sigmoid_too_many", "softmax_too_many", "as_logits", "turned", "hard"}
ALSO_SAME = {
    "03/bce": {"other_given"},  # in a count of rows
    "04/slope": {"edge"},  # two formulas that agree at 0
    "05/repaired": {"other_end", "other_given", "other_outcome"},  # logits near each other; a count
    "06/gradients": {"hard"},  # hard already, as in three below
    "07/smooth": {"other_entry", "other_outcome"},  # in the number of classes
    "08/ece": {"difference_reversed", "hard"},  # under an absolute value
    "09/flag": {"exchanged"},  # of two factors
    "10/choose_cut": {"exchanged", *UNUSED},  # y and p have no part in it
    "10/my_policy": {"edge", "hard"},  # at the cut both decisions cost the same; flags
    "11/ignorance": {"turned", "hard"},  # shares of negative counts; counts are whole
    "12/repair": {"hard"},
    "13/dpo": {"exchanged"},  # of two that are added
}


@pytest.mark.parametrize("one", FUNCTION_EXERCISES, ids=lambda one: one.id)
@pytest.mark.parametrize("constant", [0.0, 1.0, -1.0, math.nan])
def test_a_constant_explains_nothing(one, constant):
    """No road is named by a function that says the same to everybody, nor by one that says nan."""
    found = one.evaluate(lambda *args: constant)
    known = {mistake.name for mistake in one.mistakes}
    assert found.mistake in known | {None, "one_case", "no_number"}


def test_another_instance_is_always_made_of_the_first():
    asked = next(one for one in all_exercises() if one.kind == "choice")
    for one in (asked.again(1), asked.again(1).again(2), asked.again(3).again(1)):
        assert one.evaluate(one.key).status == "right"
        assert [one.choices[key] for key in one.choices if key == one.key] == [
            asked.choices[asked.key]
        ]
    orders = {tuple(asked.again(k).choices.values()) for k in range(1, 6)}
    assert len(orders | {tuple(asked.choices.values())}) == 6


# -- what students do -----------------------------------------------------------------------------


@cache
def told():
    """What every answer of the set is told: worked out by whoever runs these tests."""
    return list(all_told())


def share(answers):
    """How many of the wrong answers are named, by hand or by search."""
    wrong = [one for one in answers if not one.right]
    return sum(one.kind in ("named", "found") for one in wrong) / len(wrong)


def test_most_wrong_answers_are_named():
    functions = [one for one in told() if one.exercise.kind == "function"]
    assert sum(not one.right for one in told()) >= 400
    assert share(told()) >= 0.75
    assert share(functions) >= 0.70


def test_no_wrong_answer_is_accepted_and_no_right_one_refused():
    told_wrongly = [one for one in told() if (one.kind == "right") != one.right]
    assert [(one.exercise.id, one.done) for one in told_wrongly] == []


def test_nothing_is_revealed():
    """No answer to a wrong number holds the right one, but where the question does."""
    for one in told():
        if one.exercise.kind == "number" and not one.right:
            answer = float(one.exercise.results[0].value)
            known = f"{one.exercise.question} {one.answer}"
            assert not holds(one.feedback.text, abs(answer), known), (one.exercise.id, one.done)


def test_an_input_can_be_pasted():
    for value in (np.array([[0.1, math.inf], [math.nan, 1e-300]]), [0.25, -math.inf], 3, (1, 2.5)):
        back = eval(pasted(value), {"np": np})
        assert type(back) is type(value)
        assert np.array_equal(np.asarray(back), np.asarray(value), equal_nan=True)


# -- what is tried, by its name -------------------------------------------------------------------

# of each change of a result: what it does, and a word of what is said about it
RESULTS = {
    "sign": (lambda x: -x, "sign"),
    "per_cent": (lambda x: 100 * x, "per cent"),
    "one_minus": (lambda x: 1 - x, "other outcome"),
    "reciprocal": (lambda x: x**-1, "1 over"),
    "exponential": (math.exp, "e to the power"),
    "of_a_price": (lambda x: math.e**-x, "e to minus"),
    "logarithm": (math.log, "logarithm"),
    "surprise": (lambda x: math.log(1 / x), "−ln"),
    "odds": (lambda x: x / (1 - x), "odds"),
    "log_odds": (lambda x: math.log(x) - math.log(1 - x), "log-odds"),
    "sigmoid": (lambda x: math.exp(x) / (1 + math.exp(x)), "sigmoid"),
    "base_2": (lambda x: x / math.log(2), "bits"),
    "base_10": (lambda x: x / math.log(10), "base 10"),
    "over_3": (lambda x: x / 3, "divided by 3"),
    "times_3": (lambda x: x * 3, "3 times"),
}
# of each thing that is done to what is given
GIVENS = {
    "other_outcome": (lambda x: [1 - part for part in x], "1 − "),
    "sigmoid_too_many": (lambda x: [1 / (1 + math.exp(-part)) for part in x], "sigmoid"),
    "softmax_too_many": (lambda x: (np.exp(x) / np.exp(x).sum()).tolist(), "softmax"),
    "as_logits": (lambda x: [math.log(part) for part in x], "logarithm"),
    "turned": (lambda x: [-part for part in x], "sign"),
    "hard": (lambda x: [float(part == max(x)) for part in x], "hard"),
    "normalised": (lambda x: [part / sum(x) for part in x], "divided by its sum"),
    "reversed": (lambda x: x[::-1], "order"),
}


def mean_surprise(q=(0.6, 0.3, 0.2)):
    """In nats: what do the surprises of {q} come to on average?"""
    return float(np.mean(-np.log(q)))


def test_what_is_done_to_a_result_is_what_is_said_of_it():
    found = {name: (what, change) for name, what, change in changes_of_result(toy(mean_surprise))}
    assert found.keys() == RESULTS.keys()
    for name, (what, change) in found.items():
        done, word = RESULTS[name]
        assert math.isclose(change(np.array(0.3)), done(0.3), rel_tol=1e-12), name
        assert word in what and what.endswith("?")
    in_bits = toy(lambda q=(0.6, 0.3): q[0])
    assert "base_2" not in {name for name, _, _ in changes_of_result(in_bits)}  # no logarithm


def test_what_is_done_to_the_givens_is_what_is_said_of_it():
    seen = {}
    asked = toy(lambda q=(0.6, 0.3, 0.2): [float(part) for part in q])
    for one in asked.roads:
        seen.setdefault(one.name, []).append((asked.outcomes(one.function)[0].value, one.text))
    for name, (done, word) in GIVENS.items():
        ((value, text),) = seen.pop(name)
        assert np.allclose(value, done([0.6, 0.3, 0.2])), name
        assert word in text and text.endswith("?")
    alone = [value for value, _ in seen.pop("one_alone")]
    left_out = [value for value, _ in seen.pop("one_left_out")]
    assert alone == [[0.6], [0.3], [0.2]]
    assert left_out == [[0.3, 0.2], [0.6, 0.2], [0.6, 0.3]]
    assert seen == {}


def test_single_givens_change_places_and_are_off_by_one():
    asked = toy(lambda k=3, p=0.2: 10 * k + p)
    made = {one.name: asked.outcomes(one.function)[0].value for one in asked.roads}
    assert math.isclose(made["exchanged"], 5)
    off = [asked.outcomes(one.function)[0].value for one in asked.roads if one.name == "off_by_one"]
    assert off == [20.2, 40.2]


def plain_price(y, p):
    """Mean loss."""
    y, p = np.asarray(y), np.asarray(p)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("exchanged", lambda y, p: plain_price(p, y)),
        ("other_outcome", lambda y, p: plain_price(y, 1 - np.array(p))),
        ("hard", lambda y, p: plain_price(np.rint(y), p)),
        ("sigmoid_too_many", lambda y, p: plain_price(y, 1 / (1 + np.exp(-np.array(p))))),
        ("sum_for_mean", lambda y, p: plain_price(y, p) * len(y)),
        ("sum_for_mean+base_2", lambda y, p: plain_price(y, p) * len(y) / math.log(2)),
        ("return_in_loop", lambda y, p: plain_price(y[:1], p[:1]) / len(y)),
        ("first_alone", lambda y, p: plain_price(y[:1], p[:1])),
        ("last_alone", lambda y, p: plain_price(y[-1:], p[-1:])),
        ("one_less", lambda y, p: plain_price(y, p) * len(y) / (len(y) - 1)),
        ("base_10", lambda y, p: plain_price(y, p) / math.log(10)),
        ("term_dropped", lambda y, p: -float(np.mean(np.array(y) * np.log(p)))),
        (None, lambda y, p: 7.77),
    ],
)
def test_a_function_is_named_by_what_it_does(name, change):
    probes = [
        ([0.9, 0.1, 0.7], [0.8, 0.2, 0.35]),
        ([0.4, 0.2], [0.5, 0.15]),
        ([0.3, 0.9], [0.62, 0.7]),
    ]
    assert toy(plain_price, probes=probes).evaluate(change).mistake == name

"""Each prediction of the course: one option is right, none gives it away, no number is typed."""

import ast
import inspect
import re
import sys
from collections import Counter

import pytest

from cecourse.exercise.design import _states, _value, holds
from cecourse.lessons import NOTEBOOKS
from cecourse.lessons.binary_cross_entropy.predictions import RULE, rule
from cecourse.lessons.maximum_likelihood.predictions import (
    AFTER_10,
    AFTER_100,
    AFTER_1000,
    tumours_after,
)
from cecourse.prediction import of_lesson

ALL = [asked for one in NOTEBOOKS for asked in of_lesson(one.slug).values()]
NUMBER = re.compile(r"(?<![\w.,^])[\d,]*\.\d+%?|(?<![\w.,^])\d[\d,]*(?:%|(?=\s+times\b(?! in)))")


@pytest.fixture(params=ALL, ids=lambda asked: asked.id)
def asked(request):
    return request.param


def test_exactly_one_option_holds(asked):
    assert asked.right in asked.options
    assert 2 <= len(asked.options) <= 4
    assert len({option.text for option in asked.options}) == len(asked.options)


def test_it_is_asked_as_a_question_of_a_reasonable_length(asked):
    assert re.search(r"\?|\w$", asked.question), "a question, or what the options go on with"
    assert len(asked.question) <= 330
    for option in asked.options:
        assert 1 <= len(option.text) <= 110
        assert 40 <= len(option.reason) <= 420
        assert option.text[-1] not in ".:;", option.text
        assert option.reason[-1] in ".?)", option.reason
        assert "$" not in option.text + option.reason + asked.question


def stated(asked):
    """The options that name one number where the answer is a number, and it."""
    if type(asked.value) is bool or not isinstance(asked.value, int | float):
        return
    spoken = [one for one in asked.options if re.match(r"(about |−)?[\d.]", one.text)]
    for option in spoken:
        text = option.text.replace("−", "-")
        found = re.findall(r"(?<![\w/-])-?(?:\d[\d,]*\.?\d*%?|\.\d+)(?![\w/])", text)
        if len(found) == 1 and callable(option.holds):
            sign = -1 if found[0][0] == "-" else 1
            yield option, sign * float(_value(found[0].lstrip("-")))


def test_a_number_of_an_option_holds_for_it_and_for_no_other(asked):
    """So the label and its range agree."""
    for option, x in stated(asked):
        assert asked.option_of(x) == option, (option.text, x)


def test_no_wrong_options_reason_names_the_right_one(asked):
    right = asked.right
    for option in asked.options:
        if option != right:
            assert len(right.text) < 8 or right.text not in option.reason
            for number in re.findall(r"\d+\.\d{2,}", right.text):
                assert not holds(option.reason, float(number), asked.question), option.reason


def typed_and_given(asked) -> tuple[str, set[float]]:
    """The texts of a prediction as they are typed, and the numbers in its code and its module's."""
    module = sys.modules[asked.function.__module__]
    tree = ast.parse(inspect.getsource(module))
    (own,) = (part for part in tree.body if getattr(part, "name", "") == asked.name)
    if asked.measured:
        own.body = []  # a docstring, for authors
    shapes = {
        id(part)
        for one in ast.walk(own)
        if isinstance(one, ast.FormattedValue) and one.format_spec
        for part in ast.walk(one.format_spec)
    }
    texts = [
        part.value
        for part in ast.walk(own)
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and id(part) not in shapes
    ]
    others = (part for part in tree.body if not getattr(part, "decorator_list", ()))
    given = {
        abs(float(part.value))
        for node in [own, *others]
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and type(part.value) in (int, float)
    }
    return "\n".join(texts), given | {1 - x for x in given if 0 < x < 1}


def test_no_number_is_typed_that_is_no_input(asked):
    texts, given = typed_and_given(asked)
    given |= {abs(x) for _, x in stated(asked)}
    stray = [
        texts[max(0, found.start() - 30) : found.end() + 10]
        for found in NUMBER.finditer(texts)
        if not any(_states(found[0], x) for x in given)
    ]
    assert not stray


def test_the_right_letters_are_no_pattern():
    letters = Counter(asked.letter for asked in ALL if len(asked.options) == 3)
    assert max(letters.values()) <= 0.5 * letters.total()
    for one in NOTEBOOKS:
        own = [asked.letter for asked in of_lesson(one.slug).values()]
        assert len(own) < 4 or len(set(own)) > 1
    longest = sum(len(one.right.text) == max(len(o.text) for o in one.options) for one in ALL)
    assert longest <= 0.55 * len(ALL), "the longest option is the right one too often"


def test_what_is_typed_about_the_tumours_is_so():
    assert rule() == RULE
    for steps, loss in ((10, AFTER_10), (100, AFTER_100), (1000, AFTER_1000)):
        assert _states(f"{loss:.4f}", tumours_after(steps))

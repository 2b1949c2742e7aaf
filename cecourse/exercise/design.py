"""What makes an exercise sound: run on every one by the tests, and by whoever writes a new one."""

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .compare import NotNumbers, is_rounding, numbers, rounded, same
from .exercise import Exercise
from .mistake import Mistake
from .source import own_helpers

FEWEST = 5  # instances beside the course's own
MOST = 8  # mistakes that are written by hand


def problems(exercise: Exercise) -> list[str]:
    """Everything that is wrong with an exercise, a sentence each; empty if it is sound.

    Runs the solution, every known mistake and `...` through `evaluate`, exactly and rounded, and
    looks for the solution's digits in everything that a learner without it may read.
    """
    found = _of_texts(exercise)
    broken = _of_solution(exercise)
    if broken:
        return [*found, *broken]
    found += _of_praise(exercise)
    for mistake in exercise.mistakes:
        found += _of_mistake(exercise, mistake)
    if exercise.evaluate(...).status != "untried":
        found.append("`...` is not taken as untried")
    return [*found, *_of_source(exercise), *_leaks(exercise)]


def variant_problems(exercise: Exercise, seeds: int = 1000) -> list[str]:
    """Everything that is wrong with other instances of an exercise, a sentence each.

    Each set of givens is looked at once; that it parts the answer from every mistake is what makes
    it one (`Exercise.again`). Options must be told of alike in any order.
    """
    if exercise.choices is not None:
        texts = [*exercise.hints, exercise.right, *(one.text for one in exercise.mistakes)]
        letters = "|".join(exercise.choices)
        named = [text for text in texts if re.search(rf"\b(?:[Oo]ption )({letters})\b", text)]
        return [f"names an option by its letter: {text!r}" for text in named]
    if not exercise.draws:
        return []
    found, seen = [], set()
    for seed in range(1, seeds + 1):
        other = exercise.again(seed)
        key = repr(other.givens)
        if key in seen:
            break  # they begin again
        seen.add(key)
        told = [*_of_texts(other), *_of_solution(other), *_of_praise(other), *_leaks(other)]
        told += [f"no human number: {x}" for x in _odd(other.givens)]
        for mistake in other.mistakes:
            value = other.outcomes(mistake.function)[0].value
            told += _of_first_words(other, mistake, value)
            if not mistake.ways:
                status = other.evaluate(value).mistake
                told += [] if status == mistake.name else [f"{mistake.name} is told {status}"]
        found += [f"{other.givens}: {sentence}" for sentence in told]
    if len(seen) < FEWEST:
        found.append(f"only {len(seen)} other instances; {FEWEST} are wanted")
    return found


def _odd(givens: Mapping[str, Any]) -> list[float]:
    """The givens that nobody would write by hand: of more than four digits."""
    flat = [x for value in givens.values() for x in np.ravel(np.asarray(value, dtype=object))]
    return [
        x for x in flat if isinstance(x, float) and len(f"{x!r}".strip("0.").replace(".", "")) > 4
    ]


def _of_texts(exercise: Exercise) -> list[str]:
    found = []
    texts = [*exercise.hints, *(mistake.text for mistake in exercise.mistakes)]
    few = 1 if exercise.kind == "truth" else 2
    if not exercise.question:
        found.append("the solution has no docstring: it is the question")
    if not exercise.right.startswith("Right"):
        found.append('`right` does not begin with "Right"')
    if len(exercise.hints) < 2:
        found.append("fewer than 2 hints")
    if not few <= len(exercise.mistakes) <= MOST:
        found.append(f"{len(exercise.mistakes)} mistakes; {few} to {MOST} are wanted")
    if not all(text.strip() for text in [exercise.title, *texts]):
        found.append("a text is empty")
    for text in texts:
        if re.match(r"(Not yet|Hint|Wrong)\b", text):
            found.append(f"the engine says the first words itself: {text!r}")
        if re.search(r"\b(simply|obviously|Wrong!)", text):
            found.append(f"the tone of: {text!r}")
    return found


def _of_solution(exercise: Exercise) -> list[str]:
    if exercise.kind == "function":
        if not exercise.probes:
            return ["there is no probe"]
        for result in exercise.results:  # a ValueError may be what the exercise asks for
            if result.error is not None and not isinstance(result.error, ValueError):
                return [f"the solution fails: {result.error!r}"]
    elif exercise.results[0].error is not None:
        return [f"the solution fails: {exercise.results[0].error!r}"]
    elif exercise.kind == "choice":
        right = exercise.results[0].value
        told = {mistake.function() for mistake in exercise.mistakes}
        untold = set(exercise.choices) - told - {right}
        if right not in exercise.choices:
            return [f"the solution {right!r} is none of the options"]
        if untold or told - set(exercise.choices):
            return [
                f"options without feedback, or feedback without option: "
                f"{sorted(untold | told - set(exercise.choices))}"
            ]
    elif exercise.kind in ("number", "array"):
        try:
            numbers(exercise.results[0].value)
        except NotNumbers as error:
            return [f"the solution is not numeric: {error}"]
    found = []
    for name, answer in _as_answers(exercise, exercise.function).items():
        feedback = exercise.evaluate(answer)
        if (feedback.status, feedback.text) != ("right", exercise.right):
            found.append(f"the solution ({name}) is not recognised: {feedback}")
    return found


def _of_mistake(exercise: Exercise, mistake: Mistake) -> list[str]:
    found = []
    if exercise.kind != "function":
        outcome = exercise.outcomes(mistake.function)[0]
        if outcome.error is not None:
            return [f"the mistake {mistake.name} fails: {outcome.error!r}"]
        found += _of_first_words(exercise, mistake, outcome.value)
    wanted = ("mistake", mistake.name, f"Not yet. {mistake.text}")
    size = re.compile(r" \(Its size is about \S+\)$")
    unseen = ("right", None, exercise.right)  # an eps may be too small for the digits that count
    told = []
    for function in mistake.examples():
        for name, answer in _as_answers(exercise, function).items():
            feedback = exercise.evaluate(answer)
            told.append((feedback.status, feedback.mistake, size.sub("", feedback.text)))
            if told[-1] != wanted and not (mistake.ways and told[-1] == unseen):
                found.append(f"the mistake {mistake.name} ({name}) is not told apart: {feedback}")
    if wanted not in told and not found:
        found.append(f"the mistake {mistake.name} is right in each of its ways")
    return found


def _of_first_words(exercise: Exercise, mistake: Mistake, value: Any) -> list[str]:
    """Numbers that begin a sentence of the feedback are the answer it is about."""
    if exercise.kind == "choice":
        return []
    unit, verb = r"(?: bits?| nats?)?", r"(?: (?:is|are|comes?)\b| =)"
    first = rf"(?:^({_NUMBER}){unit}|(?<=[.:?] )({_NUMBER}){unit}{verb})"
    given = numbers(value, truth=True).ravel()
    return [
        f"the mistake {mistake.name} gives {given.tolist()}, and is told of {token}"
        for token in ("".join(parts) for parts in re.findall(first, mistake.text))
        if not any(_states(token, x) for x in given)
    ]


def _of_praise(exercise: Exercise) -> list[str]:
    """The first sentence of the praise states what was asked for, and could be typed as it is."""
    if exercise.kind not in ("number", "array"):
        return []
    first = exercise.right.partition(". ")[0]
    tokens = re.findall(_NUMBER, first)
    return [
        f"the praise does not state {x}: {first!r}"
        for x in numbers(exercise.results[0].value).ravel().tolist()
        if not any(
            _states(token, x) and same(_value(token), np.array(x), exercise.digits)
            for token in tokens
        )
    ]


def _as_answers(exercise: Exercise, function: Callable) -> dict[str, Any]:
    """The answers a learner who thinks like this function would give: exact and rounded."""
    digits = exercise.digits
    if exercise.kind == "function":
        answers = {"exact": function}
        if function is exercise.function:
            answers["rounded"] = _rounding(function, digits)
        return answers
    value = exercise.outcomes(function)[0].value
    if exercise.kind in ("choice", "truth"):
        return {"exact": value, "as text": f"({value!s})".upper()}
    short = rounded(np.asarray(value, dtype=float), digits)
    if is_rounding(short, numbers(exercise.results[0].value), digits):
        return {"exact": value}  # of what is asked for, too
    answers = {"exact": value, "rounded": short, "as a list": short.tolist()}
    if exercise.kind == "number" and np.all(short == np.rint(short)) and np.all(np.isfinite(short)):
        answers["as an int"] = short.astype(int).tolist()
    return answers


def _rounding(function: Callable, digits: int) -> Callable:
    """The same function with rounded results."""

    def short(*args):
        value = function(*args)
        try:
            return rounded(numbers(value, truth=True), digits)
        except NotNumbers:
            return value

    short.__signature__ = inspect.signature(function)
    return short


def _of_source(exercise: Exercise) -> list[str]:
    found = []
    source = exercise.source()
    helpers = own_helpers(exercise.function)
    if helpers:
        found.append(f"`.solution()` cannot show {sorted(helpers)}: import them or write them out")
    if re.search(r"^from \.", source, re.MULTILINE):
        found.append("a solution's imports must work in a notebook: `import cehelpers as ce`")
    if not re.search(rf"^def {exercise.name}\(", source, re.MULTILINE) or "@exercise" in source:
        found.append(f"`.solution()` prints no clean code: {source!r}")
    try:
        compile(source, exercise.name, "exec")
    except SyntaxError as error:
        found.append(f"`.solution()` prints code that does not run: {error}")
    return found


def _leaks(exercise: Exercise) -> list[str]:
    """Texts that give the answer away (numbers that stand in the question do not count)."""
    texts = [*exercise.hints, *(mistake.text for mistake in exercise.mistakes)]
    if exercise.kind == "choice":
        answer = exercise.choices[exercise.results[0].value]
        return [f"the answer stands in: {text!r}" for text in texts if answer in text]
    if exercise.kind not in ("number", "array"):
        return []
    s = np.unique(np.abs(numbers(exercise.results[0].value)))
    return [
        f"the answer stands in: {text!r}"
        for text in texts
        if all(holds(text, x, exercise.question) for x in s if np.isfinite(x))
        and np.any(np.isfinite(s))
    ]


_NUMBER = r"[-−]?(?:½|(?:\d[\d,]*)?\.?\d+(?:e[-−]?\d+)?%?(?:/\d+)?)(?![\w/])"


def _value(token: str) -> np.ndarray:
    """A number as it is written in a text: −0.5, 2,185, 82%, 1/551 or ½."""
    plain = token.replace("−", "-").replace(",", "").replace("½", "1/2")
    scale = 0.01 if plain.endswith("%") else 1.0
    over, _, under = plain.rstrip("%").partition("/")
    return np.array(scale * float(over) / float(under or 1))


def _states(token: str, x: float) -> bool:
    """Whether a number in a text is this one, in every digit that it has."""
    if "/" in token or "½" in token:
        return bool(np.isclose(_value(token), x, rtol=1e-12))
    mantissa, _, power = token.rstrip("%").partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(power.replace("−", "-") or 0)
    unit = 10.0 ** (-decimals - 2 * token.endswith("%"))
    return bool(abs(_value(token) - x) <= 0.5 * unit * (1 + 1e-9))


def holds(text: str, x: float, question: str = "") -> bool:
    """Whether a number stands in a text to three digits, and not in the question too."""
    return any(_is_number(token, x) for token in _tokens(text) - _tokens(question))


def _tokens(text: str) -> set[str]:
    return set(re.findall(r"\d*\.?\d+(?:e[-+]?\d+)?", re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)))


def _is_number(token: str, x: float) -> bool:
    telling = "." in token or len(token) > 1  # a lone digit is a word
    return telling and same(np.array(float(token)), np.array(float(x)))

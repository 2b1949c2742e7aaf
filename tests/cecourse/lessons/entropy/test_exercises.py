"""What the questions of notebook 01 list is what their solutions count."""

import re
from collections import Counter

import pytest
import scipy.stats

from cecourse.lessons.entropy import exercises


def test_the_strings_of_the_question_are_those_of_the_options():
    strings = dict(re.findall(r"(\w) = ([PQ]+)", exercises.strings.question))
    h = {s: scipy.stats.entropy(list(Counter(word).values())) for s, word in strings.items()}
    assert h["S"] == h["T"] > h["U"]
    assert not re.search("PP|QQ", strings["S"]) and re.search("PP|QQ", strings["T"])
    assert Counter(strings["U"]) == {"P": 9, "Q": 3} and Counter(strings["S"])["P"] == 6
    for letter, words in (
        ("A", "Count the letters of S and of T"),
        ("B", "T looks messier than S"),
        ("C", "U has nine P and three Q"),
    ):
        assert words in exercises.strings.evaluate(letter).text
        assert f"of {'STU'['ABC'.index(letter)]}, where" in exercises.strings.choices[letter]


def test_ten_letters_are_counted():
    guesses = re.search(r"took ((?:\d, )+\d) guesses", exercises.ten_letters.question)[1]
    counts = Counter(guesses.split(", "))
    assert sum(counts.values()) == 10
    wanted = scipy.stats.entropy(list(counts.values()), base=2)
    assert exercises.ten_letters.function() == pytest.approx(wanted)

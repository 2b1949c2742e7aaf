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
    guesses = re.search(r"took ([\d,\s]+ and \d) guesses", exercises.ten_letters.question)[1]
    counts = Counter(re.findall(r"\d", guesses))
    assert [counts[n] / 10 for n in "123"] == [0.7, 0.2, 0.1]  # as the second hint says
    wanted = scipy.stats.entropy(list(counts.values()), base=2)
    assert exercises.ten_letters.function() == pytest.approx(wanted)


def test_hints_give_each_outcome_its_own_weight():
    assert "red, yellow and blue with probability 0.6, 0.3, 0.1" in exercises.spinner.question
    assert (
        "surprise enters 60 times, yellow's 30 times, blue's 10 times" in exercises.spinner.hints[1]
    )
    assert "that of what happened: it snowed" in exercises.snow.hints[0].lower()
    assert 2**-5 < 0.05 < 2**-4
    assert "Between 4 and 5 times" in " ".join(exercises.snow.hints)
    assert "with fractions 0.7, 0.2 and 0.1" in exercises.ten_letters.hints[1]
    assert "The harder the bet, the larger the entropy" in exercises.strings.hints[1]

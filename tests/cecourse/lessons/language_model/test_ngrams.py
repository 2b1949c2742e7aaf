"""Notebook 13's models that count: against the definition, letter by letter."""

from collections import Counter

import numpy as np
import pytest

import cehelpers as ce
from cecourse.english import guessing
from cecourse.lessons.language_model import ngrams

TEXT = guessing.alice()[:700]
NEW = "THE RABBIT WAS SITTING BY THE QUEEN OF ZOO XYLOPHONES"


def by_definition(text, past, letter, order):
    """Witten and Bell's chance of a letter after a past, from the strings themselves."""
    if order < 0:
        return 1 / 27
    context = (" " * order + past)[len(past) :]
    padded = " " * order + text
    after = Counter(padded[i + order] for i in range(len(text)) if padded[i : i + order] == context)
    lower = by_definition(text, past, letter, order - 1)
    n, d = sum(after.values()), len(after)
    return (after[letter] + d * lower) / (n + d) if n else lower


@pytest.mark.parametrize("order", [0, 1, 3, 5])
def test_forecasts_are_those_of_the_definition(order):
    model = ngrams.NGrams(ngrams.codes(TEXT), 5)
    p = model.probabilities(ngrams.codes(NEW), order)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    assert p.min() > 0
    for i in range(len(NEW)):
        for letter in "ETQZ " + NEW[i]:
            wanted = by_definition(TEXT, NEW[:i], letter, order)
            assert p[i, guessing.ALPHABET.index(letter)] == pytest.approx(wanted, abs=1e-12)


def test_one_forecast_is_the_row_of_all_to_the_last_bit():
    """Or a file made from the rows would not open again with the function."""
    letters = ngrams.codes(NEW)
    model = ngrams.NGrams(ngrams.codes(TEXT), 4)
    rows = model.probabilities(letters)
    for i in range(len(NEW)):
        assert model(letters[:i].tolist()).tolist() == rows[i].tolist()


def test_who_learns_as_it_reads_knows_at_the_end_what_was_read():
    letters = ngrams.codes(TEXT).tolist()
    learner, one_by_one = ngrams.Learner(3), ngrams.Learner(3)
    assert learner([]).tolist() == [1 / 27] * 27
    for i in range(len(letters)):
        one_by_one(letters[:i])
    model = ngrams.NGrams(ngrams.codes(TEXT), 3)
    np.testing.assert_allclose(learner(letters), model(letters), atol=1e-15)
    assert one_by_one(letters).tolist() == learner(letters).tolist()


def test_both_make_files_that_open_again():
    letters = ngrams.codes(NEW).tolist()
    file = ce.encode(letters, ngrams.Learner(3))
    assert ce.decode(file, len(letters), ngrams.Learner(3)) == letters
    model = ngrams.NGrams(ngrams.codes(TEXT), 3)
    file = ce.encode(letters, model)
    assert ce.decode(file, len(letters), model) == letters


def test_guesses_count_those_that_are_likelier_or_earlier_in_the_alphabet():
    p = np.full((3, 27), 1 / 27)
    p[1, :3] = 0.2, 0.5, 0.2
    p[2] = p[1]
    assert ngrams.guesses(p, np.array([4, 1, 2])).tolist() == [5, 1, 3]


def test_windows():
    seen = ngrams.windows(np.array([2, 0, 1]), 2)
    assert seen.tolist() == [[26, 26], [26, 2], [2, 0]]


def test_what_is_no_letter_and_no_order_is_named():
    with pytest.raises(ValueError, match="text must be in A–Z and blanks; got 'a'"):
        ngrams.codes("Ta")
    with pytest.raises(ValueError, match=r"order must lie in 0..2; got 3"):
        ngrams.NGrams(ngrams.codes("BABA"), 2).probabilities(ngrams.codes("A"), 3)

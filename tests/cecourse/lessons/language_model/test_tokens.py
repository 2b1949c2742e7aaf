"""Notebook 13's tokens: merging by strings, texts that come back, and a tie that is broken."""

import itertools
import math
from collections import Counter

import numpy as np
import pytest

from cecourse.english import guessing
from cecourse.lessons.language_model import tokens

TEXT = guessing.alice()[:1500]


def slowly(parts, count):
    """Byte-pair encoding with lists of strings, and the token each merge makes."""
    number = {letter: i for i, letter in enumerate(guessing.ALPHABET)}
    made = []
    for _ in range(count):
        pairs = Counter(itertools.pairwise(parts))
        best = min(pairs, key=lambda two: (-pairs[two], number[two[0]], number[two[1]]))
        new, rest = [], list(parts)
        while rest:
            hit = tuple(rest[:2]) == best
            new.append("".join(rest[: 1 + hit]))
            del rest[: 1 + hit]
        parts = new
        number.setdefault(best[0] + best[1], len(number))
        made.append(best[0] + best[1])
    return parts, made


def test_merges_are_those_of_the_definition():
    pairs = tokens.learn_merges(TEXT, 40)
    parts, made = slowly(TEXT, 40)
    assert [tokens.spelt(27 + k, pairs) for k in range(40)] == made
    assert [tokens.spelt(token, pairs) for token in tokens.tokenise(TEXT, pairs)] == parts


@pytest.mark.parametrize("count", [0, 1, 25, tokens.MOST])
def test_tokens_join_back_to_any_text(count):
    pairs = tokens.learnt()[:count]
    for text in (TEXT, "ZZZZ QQ XX", "A", "EEEEE "):
        cut = tokens.tokenise(text, pairs)
        assert "".join(tokens.spelt(token, pairs) for token in cut) == text
        assert len(cut) <= len(text)


def test_each_merge_leaves_fewer_tokens():
    counts = [step.count for step in tokens.steps()]
    assert counts[0] == len(guessing.alice())
    assert np.all(np.diff(counts) <= 0)
    assert counts[-1] < counts[0] / 2


@pytest.mark.parametrize(
    ("text", "left"), [("AAA", 2), ("AAAA", 2), ("AAAAA", 3), ("AABAAAB", 5), ("ABAB", 4)]
)
def test_pairs_of_a_run_do_not_overlap(text, left):
    assert len(tokens.tokenise(text, [(0, 0)])) == left


def test_of_pairs_that_come_equally_often_the_first_in_the_alphabet_is_merged():
    assert tokens.learn_merges("XYABXYAB", 1) == [(0, 1)]
    assert tokens.learn_merges("BABA", 1) == [(1, 0)]  # twice, AB once


@pytest.mark.parametrize("count", [0, 30, 200])
def test_what_alice_costs_after_some_merges(count):
    pairs = tokens.learnt()[:count]
    seen = Counter(tokens.tokenise(guessing.looking_glass(), pairs).tolist())
    cut = tokens.tokenise(guessing.alice(), pairs).tolist()
    whole = seen.total() + 27 + count
    nats = sum(-math.log((seen[token] + 1) / whole) for token in cut)
    step = tokens.steps()[count]
    assert step.count == len(cut)
    assert step.nats == pytest.approx(nats / len(cut))
    assert step.perplexity == pytest.approx(math.exp(nats / len(cut)))
    assert step.bits == pytest.approx(nats / math.log(2) / len(guessing.alice()))

"""What notebook 13's predictions and exercises say in words, counted again."""

import math
import zlib

import numpy as np
import pytest

from cecourse.english import guessing
from cecourse.lessons.language_model import exercises, neural, predictions, tokens


def reasons(asked):
    return [option.reason for option in asked.options]


def test_sizes_that_are_told():
    book, alice = guessing.looking_glass(), guessing.alice()
    assert f"{len(book):,} letters" in predictions.best_memory.question
    packed = round(len(zlib.compress(alice.encode(), 9)), -2)
    assert f"the {len(alice):,} letters" in predictions.size_of_alice.question
    assert f"about {packed:,} bytes with zlib" in predictions.size_of_alice.question
    assert (
        f": {predictions.bits_of_alice(0):.0f} bits a letter"
        in reasons(predictions.size_of_alice)[0]
    )
    assert 700 * 8 / len(alice) < 1 and "less than 1 bit" in reasons(predictions.size_of_alice)[3]
    sentences = f"{len(guessing.alice_sentences())} sentences"
    assert sentences in predictions.per_sentence.question


def test_what_200_merges_do():
    first, last = tokens.steps()[0], tokens.steps()[200]
    assert 1 - last.bits / first.bits == pytest.approx(1 / 5, abs=0.02)
    assert "shrinks by a fifth" in predictions.merged_pairs.question
    assert first.count / 3 < last.count < first.count / 2
    assert "less than half as many tokens" in reasons(predictions.merged_pairs)[2]


def test_other_numbers_in_words():
    net = neural.start(np.random.default_rng(0))
    assert f"{net.W.shape[1]} units" in predictions.network_or_counts.question
    assert round(sum(part.size for part in net), -4) == 30_000
    assert "thirty thousand weights" in reasons(predictions.network_or_counts)[2]
    assert "had a chance of 0.001/26" in reasons(predictions.sure_of_q)[2]
    letters = sum(map(len, predictions.FOUR))
    padding = 1 - letters / (4 * max(map(len, predictions.FOUR)))
    assert f"chance of {padding:.2f} instead" in predictions.says_padding.question
    assert 0.4 < padding < 0.5 and "nearly half of its" in predictions.says_padding.question
    assert "a tenth of the whole, a fifth of a half" in reasons(predictions.short_against_long)[2]
    assert f"{4 * 512 * 50_000 / 1e6:.0f} MB" in predictions.memory_of_blocks.question
    z = np.random.default_rng(1).normal(size=10**6) * 8 / 15
    assert np.exp(z).mean() == pytest.approx(math.exp((8 / 15) ** 2 / 2), rel=0.01)
    assert "about exp(σ²/2)" in reasons(predictions.knows_nothing)[2]
    assert predictions.slope_shrinks(16) / 16 == pytest.approx(12, abs=0.5)
    assert "about a twelfth" in reasons(predictions.softer_twice)[2]
    assert "probability 0.2." in predictions.free_guesses.question
    assert "are squared and" in predictions.colder.question
    assert "k1 and k3 have exactly the KL" in predictions.three_gradients.question
    assert "k1's mean gradient is zero, and k3's" in reasons(predictions.three_gradients)[2]


def praise(exercise):
    return exercise.evaluate(exercise.function(**exercise.givens)).text


def test_numbers_of_hints_and_praise():
    assert "counts as much as 4 letters more" in exercises.back_off.hints[0]
    assert "Of 16 + 4 letters 3 are A" in exercises.back_off.hints[1]
    assert (
        "first mean counts 5 times and the second 500 times" in exercises.two_micro_batches.hints[1]
    )
    assert "nats too much" in praise(exercises.two_micro_batches)
    assert exercises.two_micro_batches.function() > 0
    assert "the ratio 3 to the power of 1/T" in praise(exercises.temperature_ratio)
    assert "2 to the power of 2.941" in praise(exercises.half_of_the_excess)
    assert "there your confidence is above t" in exercises.exam.hints[2]


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_better_model_is_named(seed):
    one = exercises.two_tokenisers.again(seed)
    g = one.givens
    a, b = (g[f"{k}_tokens"] * math.log2(g[k]) / g["letters"] for k in ("first", "second"))
    assert f"the loss of {'A' if a < b else 'B'}; the other needs {max(a, b):.4g}." in praise(one)


def test_what_a_hint_says_is_so():
    z = np.log([0.6, 0.2])
    t = exercises.temperature_ratio
    assert "the logits are divided by T" in t.hints[0]
    assert t.function() == pytest.approx(math.exp(np.diff(z / 0.5)[0] * -1))
    assert "costs log₂ of the perplexity" in exercises.two_tokenisers.hints[0]
    assert (
        "price of each token that came: −ln of the chance"
        in exercises.perplexity_of_a_text.hints[0]
    )
    assert "from the largest down" in exercises.top_p.hints[0]
    assert "It never exceeds 1." in exercises.merge.hints[1]
    assert (
        "the teacher's probabilities weigh, the student's are in the log"
        in exercises.soft_target.hints[1]
    )
    assert "chosen answer's gain less the rejected one's" in exercises.dpo.hints[1]
    assert "a label that is 1" in exercises.dpo.hints[1]
    assert "True at letters and False at padding" in exercises.masked_loss.question
    assert "r = ref/θ" in exercises.k3.question

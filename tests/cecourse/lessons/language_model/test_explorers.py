"""Notebook 13's explorers: set a value, look at the artists and the caption."""

import numpy as np
import pytest

import cehelpers as ce
from cecourse.english import guessing
from cecourse.lessons.language_model import explorers
from cecourse.lessons.language_model.ngrams import NGrams, codes

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


@pytest.fixture(scope="module")
def letters():
    return explorers.next_letter()


MODEL_4 = NGrams(codes(guessing.looking_glass()), 4)


@pytest.mark.parametrize("prefix", explorers.PREFIXES)
@pytest.mark.parametrize(("t", "share"), [(1.0, 1.0), (0.2, 0.9), (1.5, 0.7), (2.0, 0.1)])
def test_the_bars_are_the_chances_after_both_dials(letters, prefix, t, share):
    letters.set(prefix=prefix, temperature=t, share=share)
    p = MODEL_4.probabilities(codes(prefix + "A"))[-1]
    warm = ce.softmax(np.log(p), temperature=t)
    order = np.argsort(-warm)
    many = 27 if share == 1 else int(np.searchsorted(np.cumsum(warm[order]), share)) + 1
    left = np.zeros(27)
    left[order[:many]] = warm[order[:many]] / warm[order[:many]].sum()
    kept = [bar.get_height() for bar in letters.artists["kept"]]
    np.testing.assert_allclose(kept, left, atol=1e-12)
    cut = [bar.get_height() for bar in letters.artists["cut"]]
    np.testing.assert_allclose(cut, np.where(left == 0, warm, 0), atol=1e-12)
    bits = ce.entropy(left, base=2)
    assert letters.caption.startswith(
        f"T = {t:.1f}, top-p {share:.2f}: {many} of 27 letters may come, {27 - many} are cut; "
        f"entropy {bits:.2f} bits."
    )
    assert letters.artists["words"].get_text() == f"{many} of 27 letters\n{bits:.2f} bits"
    sample = letters.caption.rpartition(": ")[2].replace("␣", " ")
    assert sample.startswith(prefix)
    assert len(sample) == len(prefix) + explorers.CARRIED_ON


def test_one_letter_is_left_of_a_small_share(letters):
    letters.set(prefix="THE QU", temperature=1.0, share=0.1)
    assert "1 of 27 letters may come, 26 are cut; entropy 0.00 bits" in letters.caption
    assert "failed" not in letters.caption


def test_buttons_of_the_next_letter(letters):
    buttons = {button.description: button for button in letters.children[1].children}
    buttons["Hot, then cut"].click()
    assert letters.values == {"prefix": "THE WHITE ", "temperature": 1.5, "share": 0.7}
    buttons["Reset"].click()
    assert "27 of 27 letters may come, 0 are cut" in letters.caption
    assert len(buttons) == 6


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?

"""What notebook 02 says of files, in words, counted again."""

import math
import re

import numpy as np
from drawn import told

from cecourse.lessons.cross_entropy import exercises, explorers, pictures, predictions


def test_the_files_are_told_in_their_own_bits():
    size, two = exercises.file_size, exercises.two_files
    bits = 50 * 1.2 / math.log(2)
    assert f"{50 * 1.2:.1f} nats, which is {bits:.1f} bits." in size.hints[2]
    assert "costs 450 bytes more, for all 4000 letters" in two.hints[2]
    assert "H(P) = 4.500 and H(P, Q) = 5.400 bits" in two.evaluate(0.9).text
    assert (
        "A bit is smaller than a nat" in size.evaluate(math.ceil(50 * 1.2 * math.log(2) / 8)).text
    )
    assert "what the best book needs, H(P)" in two.evaluate(8 * 2250 / 4000).text


def test_ten_bytes_for_a_thousand_flips():
    reason = predictions.thousand_flips.options[1].reason
    assert 10 < 1000 * predictions.COIN / 8 < 10.5 and "hardly more than ten bytes" in reason
    assert "Most of them are 1" in predictions.guesses_as_file.options[2].reason


def test_the_option_of_the_tale_names_a_number_that_holds():
    option = predictions.tale_as_file.options[2]
    number = re.match(r"about ([\d,]+)$", option.text)[1]
    assert option.holds(int(number.replace(",", "")))


def test_words_of_the_coder():
    coder = explorers.word_file()
    (ax,) = coder.figure.axes
    assert told(ax)[0] == "Each letter keeps its share of what is left"
    words = pictures.intervals(
        "ab", "ab", {"one": np.array([0.5, 0.5]), "other": np.array([0.25, 0.75])}
    )[1]
    assert "letter that is sent keeps its share" in words
    assert "letter that is sent keeps its share" in coder.strip({"one": {}}).description

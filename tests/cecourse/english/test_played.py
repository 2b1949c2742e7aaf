"""The learner's games as others than notebook 01 read them."""

import pytest

from cecourse import store
from cecourse.english import guessing, played


@pytest.fixture(autouse=True)
def empty_file(monkeypatch):
    monkeypatch.setenv("CEHELPERS_STORE", "off")
    monkeypatch.setattr(store, "_stores", {})


def test_before_you_play_the_example_stands_in():
    sentence, guesses = guessing.example_game()
    assert played.all_needed() == []
    assert played.your_letters() == sentence.text
    assert sum(played.your_guess_counts()) == len(guesses)


def test_letters_and_guesses_of_two_games_go_together():
    first, second = (guessing.sentences()[i].text for i in (1, 3))
    store.write(played.SECTION, "3", second[:4] + "Z")  # the fifth letter is not found yet
    store.write(played.SECTION, "1", "QZ" + first[0] + "Q" + first[1])
    assert played.your_letters() == first[:2] + second[:4]
    assert played.your_guess_counts() == played.all_needed() == [3, 2, 1, 1, 1, 1]

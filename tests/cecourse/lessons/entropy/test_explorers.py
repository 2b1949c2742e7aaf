"""Notebook 01's explorers: the loaded die, and a guessing game played to its end."""

import string

import numpy as np
import pytest
import scipy.stats
from drawn import nearest, told, written
from matplotlib.colors import to_hex

from cecourse import store
from cecourse.english import guessing, played
from cecourse.lessons.entropy import explorers
from cecourse.palette import ACCENT, MODEL, TRUTH

LETTERS = string.ascii_uppercase + " "


@pytest.fixture(autouse=True)
def empty_file(monkeypatch):
    """No game of another test lies in the learner's file."""
    monkeypatch.setenv("CEHELPERS_STORE", "off")
    monkeypatch.setattr(store, "_stores", {})


def press(explorer, label):
    """Press the button with this label."""
    buttons = explorer.children[1].children
    next(button for button in buttons if button.description == label).click()


# -- the die --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def die():
    return explorers.die()


@pytest.mark.parametrize("faces", [2, 3, 6, 12, 20])
@pytest.mark.parametrize("load", [0.0, 0.01, 0.4, 0.99, 1.0])
def test_the_die_shows_the_entropy_scipy_finds(die, faces, load):
    die.set(faces=faces, load=load, unit="bits")
    heights = [bar.get_height() for bar in die.artists["bars"]]
    assert heights[:faces] == pytest.approx(
        [load + (1 - load) / faces] + [(1 - load) / faces] * (faces - 1)
    )
    assert heights[faces:] == [0.0] * (20 - faces)
    h = scipy.stats.entropy(heights, base=2)
    assert die.artists["dot"].get_data() == ([faces], [pytest.approx(h, abs=1e-12)])
    assert die.artists["curve"].get_ydata()[faces - 1] == pytest.approx(h, abs=1e-12)
    assert list(die.artists["gap"].get_ydata()) == pytest.approx([h, np.log2(faces)], abs=1e-12)
    assert f"entropy {h:.3f} bits of at most log₂ {faces} = {np.log2(faces):.3f}" in die.caption
    assert f"Perplexity {2**h:.2f}:" in die.caption
    assert ("less than a fair die" in die.caption) == (np.log2(faces) - h >= 0.0005)


def test_the_dashes_of_fair_dice_lie_on_top_of_the_curve(die):
    assert die.artists["logs"].get_zorder() > die.artists["curve"].get_zorder()


def test_picture_and_caption_have_one_unit(die):
    ax = die.artists["curve"].axes
    for unit, base, log in (("nats", np.e, "ln"), ("bits", 2, "log₂")):
        die.set(faces=6, load=0.4, unit=unit)
        h = scipy.stats.entropy([0.5] + [0.1] * 5, base=base)
        most = scipy.stats.entropy([1 / 6] * 6, base=base)
        assert f"entropy {h:.3f} {unit} of at most {log} 6 = {most:.3f}" in die.caption
        assert die.artists["words"].get_text() == f"{h:.3f} of {most:.3f} {unit}"
        assert told(ax) == ("Its entropy", "number of faces K", f"entropy in {unit}")
        assert die.artists["dot"].get_data() == ([6], [pytest.approx(h)])
        k, fair = die.artists["logs"].get_data()
        assert fair == pytest.approx([scipy.stats.entropy([1 / n] * n, base=base) for n in k])
        assert ax.get_ylim()[1] > fair[-1]


def test_labels_and_colours_of_the_die(die):
    die.set(faces=6, load=0.4, unit="bits")
    left, right = die.figure.axes
    assert told(left) == ("The die", "face", "probability")
    assert die.artists["first"].get_text() == "0.500"
    assert die.artists["fair_words"].get_text() == "1/6"
    assert list(die.artists["fair"].get_ydata()) == pytest.approx([1 / 6] * 2)
    loaded, *others = (to_hex(bar.get_facecolor()) for bar in die.artists["bars"])
    assert loaded == to_hex(ACCENT) and set(others) == {to_hex(TRUTH)}
    assert die.artists["curve"].get_color() == die.artists["dot"].get_color() == TRUTH
    fair = nearest(right, written(right, "fair: log K"))
    assert fair is die.artists["logs"] and fair.get_color() == MODEL and fair.is_dashed()


def test_each_preset_of_the_die_is_what_its_name_says(die):
    wanted = {
        "A coin": [0.5, 0.5],
        "A coin at 0.99": [0.99, 0.01],
        "Loaded to one half": [0.5] + [0.1] * 5,
        "Twenty fair faces": [1 / 20] * 20,
        "Reset": [1 / 6] * 6,
    }
    for label, p in wanted.items():
        die.set(faces=9, load=0.5, unit="nats")  # whatever was there before
        press(die, label)
        assert die.values["unit"] == ("bits" if label == "Reset" else "nats")
        die.set(unit="bits")
        heights = [bar.get_height() for bar in die.artists["bars"]]
        assert heights[: len(p)] == pytest.approx(p) and not any(heights[len(p) :])
        assert f"probability {p[0]:.3f}: entropy {scipy.stats.entropy(p, base=2):.3f} bits" in (
            die.caption
        )


def test_the_still_dice_are_described(die):
    words = explorers.die().strip({"Lopsided": {"faces": 20, "load": 0.9}}, columns=1).description
    assert "number of faces K, from 1 to 20" in words
    assert "Lopsided: 20 faces, face 1 has probability 0.905: entropy 0.856 bits" in words


def test_an_error_is_told_in_the_caption(monkeypatch):
    die = explorers.die()
    monkeypatch.setattr(explorers, "loaded_die", lambda faces, load: 1 / 0)
    die.controls["load"].value = 0.5
    assert die.caption.startswith("This setting failed with ZeroDivisionError")
    monkeypatch.undo()
    die.controls["load"].value = 0.4
    assert "entropy 2.161" in die.caption


# -- the guessing game ----------------------------------------------------------------------------


def new_game():
    game = explorers.guessing_game()
    press(game, "New sentence")
    return game


def type_guess(game, text):
    game.controls["guess"].value = text
    assert game.controls["guess"].value == "", "the box is ready for the next guess"
    return game.caption


def shown(game, kind):
    """What stands on the board: the letters, or the counts under them."""
    return [t.get_text() for row in range(2) for t in game.artists[f"{kind}_{row}"] if t.get_text()]


def test_it_opens_with_a_finished_example_game():
    game = explorers.guessing_game()
    sentence = guessing.sentences()[0].text
    assert sentence in game.caption
    assert "".join(shown(game, "letters")).replace("␣", " ") == sentence
    needed = list(map(int, shown(game, "counts")))
    q = np.bincount(needed) / len(needed)
    upper = scipy.stats.entropy(q, base=2)
    cost = [0] + [n * np.log2(n) - (n - 1) * np.log2(max(n - 1, 1)) for n in range(1, 28)]
    lower = np.mean([cost[n] for n in needed])
    assert f"{len(needed)} letters, {needed.count(1)} at the first guess" in game.caption
    assert f"between {lower:.2f} and {upper:.2f} bits a letter" in game.caption
    assert list(game.artists["band"].get_xdata()) == pytest.approx([lower, upper])
    assert played.your_guess_counts() == needed and played.your_letters() == sentence
    assert "press New sentence" in type_guess(game, "e") or "choose New sentence" in game.caption


def test_labels_of_the_board_and_what_others_get():
    game = explorers.guessing_game()
    _, left, right = game.figure.axes
    assert told(left)[1:] == ("guesses needed", "share of letters")
    assert told(right)[1] == "entropy in bits a letter" and right.get_xlim() == (0, 5)
    assert "a scale from 0 to 5 bits a letter with the two bounds" in game._alt
    assert "letters that took 1, 2, 3 … up to 8 or more guesses" in game._alt
    labels = [tick.get_text() for tick in left.get_xticklabels()]
    assert labels == ["1", "2", "3", "4", "5", "6", "7", "8+"]
    needed = np.minimum(played.your_guess_counts(), 8)
    for n, top in enumerate(game.artists["tops"], 1):
        share = np.mean(needed == n)
        assert game.artists["bars"][n - 1].get_height() == pytest.approx(share)
        assert top.get_text() == (f"{share:.0%}" if share else "")
    counts = [guessing.alice().count(letter) for letter in LETTERS]
    for name, bits in (("letter counts", scipy.stats.entropy(counts, base=2)), ("27", 4.7549)):
        place = written(right, name).get_position()[0] + 0.05
        assert place == pytest.approx(bits, abs=1e-3)
        assert any(line.get_xdata()[:1] == pytest.approx([bits], abs=1e-3) for line in right.lines)
    shannon = right.patches[0]
    assert (shannon.get_x(), shannon.get_x() + shannon.get_width()) == pytest.approx((0.6, 1.3))
    assert written(right, "Shannon 1951:\n0.6–1.3").get_color() == TRUTH
    lower, upper = game.artists["band"].get_xdata()
    assert game.artists["band_words"].get_text() == f"{lower:.2f} to {upper:.2f} bits"


def test_a_sentence_of_one_line_stands_in_the_middle_and_makes_room_for_a_second():
    def heights(game):
        words = [game.artists[f"letters_{row}"][0] for row in (0, 1)]
        assert game.artists["head"].get_position()[1] > words[0].get_position()[1]
        return [word.get_position()[1] for word in words]

    one = heights(explorers.guessing_game())  # the example has thirty letters
    game = new_game()
    text = guessing.sentences()[game.controls["sentence"].value].text
    for letter in text[: explorers.COLUMNS]:
        type_guess(game, letter)
    two = heights(game)
    assert two[1] < one[0] < two[0]
    assert shown(game, "letters")[explorers.COLUMNS :] == ["_"]


def test_a_whole_game():
    game = new_game()
    number = game.controls["sentence"].value
    text = guessing.sentences()[number].text
    wanted = []
    for i, letter in enumerate(text):
        tries = [s for s in "EZ " if s != letter][: i % 3]  # none, one or two wrong guesses
        for wrong in tries:
            caption = type_guess(game, wrong.lower())
            assert f"So far “{text[:i]}_”" in caption and "Not " in caption
            assert (
                text[: i + 1] not in caption.replace("“", "").replace("_”", "")
                or not text[i].strip()
            )
        caption = type_guess(game, letter)
        wanted.append(len(tries) + 1)
        assert caption.startswith(f"Sentence {number}. Yes, ")
        assert (text in caption) == (i == len(text) - 1), "the answer stays hidden to the end"
    assert "Complete: " in game.caption and guessing.sentences()[number].source in game.caption
    assert list(map(int, shown(game, "counts"))) == wanted == played.your_guess_counts()
    assert played.your_letters() == text
    q = np.bincount(wanted) / len(wanted)
    assert f"and {scipy.stats.entropy(q, base=2):.2f} bits a letter" in game.caption
    heights = [bar.get_height() for bar in game.artists["bars"]]
    assert heights == pytest.approx([*q[1:4], 0, 0, 0, 0, 0])
    before = game.caption
    assert "This sentence is complete" in type_guess(game, "a")
    assert before.split("Complete")[1] == game.caption.split("Complete")[1]


@pytest.mark.parametrize(
    ("typed", "remark"),
    [
        ("th", "One letter at a time"),
        ("7", "none of the 27 symbols"),
        ("é", "none of the 27 symbols"),
        ("ß", "none of the 27 symbols"),
        ("<", "none of the 27 symbols"),
        ("New sentence", "One letter at a time"),
    ],
)
def test_wrong_input_is_told_and_costs_nothing(typed, remark):
    game = new_game()
    text = guessing.sentences()[game.controls["sentence"].value].text
    type_guess(game, text[0])
    kept = store.read(played.SECTION)
    caption = type_guess(game, typed)
    assert remark in caption and "nothing was counted" in caption
    assert f"So far “{text[0]}_”" in caption
    assert store.read(played.SECTION) == kept


def test_the_same_wrong_guess_counts_once():
    game = new_game()
    type_guess(game, "x")
    assert "You have tried X" in type_guess(game, "X")
    text = guessing.sentences()[game.controls["sentence"].value].text
    assert "2 guesses" in type_guess(game, text[0])


@pytest.mark.parametrize("blank", [" ", "  ", "_"])
def test_a_blank_is_a_guess(blank):
    game = new_game()
    assert "Not the blank" in type_guess(game, blank)


def test_an_empty_box_is_no_guess():
    game = new_game()
    game.set(guess="")
    assert "Type one letter" in game.caption
    assert store.read(played.SECTION) == {}


def test_no_estimate_from_a_handful_of_letters():
    game = new_game()
    text = guessing.sentences()[game.controls["sentence"].value].text
    for letter in text[:9]:
        assert "an estimate needs ten letters" in type_guess(game, letter)
        assert list(game.artists["band"].get_xdata()) == []
    assert "between 0.00 and 0.00 bits" in type_guess(game, text[9])


def test_crossed_bounds_are_not_shown():
    game = new_game()
    number = game.controls["sentence"].value
    text = guessing.sentences()[number].text
    guesses = "".join(
        (("Z" if c != "Z" else "Y") + ("Q" if c != "Q" else "Y") + c) for c in text[:12]
    )
    store.write(played.SECTION, str(number), guesses)
    game.refresh()
    lower, upper = guessing.bounds(guessing.fractions([3] * 12))
    assert lower > upper
    assert "an estimate needs more letters" in game.caption


def test_new_sentence_goes_round_and_loses_nothing():
    game = explorers.guessing_game()
    seen = []
    for _ in range(len(guessing.sentences())):
        press(game, "New sentence")
        seen.append(game.controls["sentence"].value)
    assert seen == [*range(1, len(guessing.sentences())), 1]
    first = guessing.sentences()[1].text
    type_guess(game, first[0])
    press(game, "Example game")
    assert "Example game" in game.caption
    game.controls["sentence"].value = 1
    assert f"So far “{first[0]}_”" in game.caption
    again = explorers.guessing_game()  # the cell was run again
    again.controls["sentence"].value = 1
    assert f"So far “{first[0]}_”" in again.caption
    press(again, "Start this sentence again")
    assert "So far “_”" in again.caption
    assert again.controls["guess"].value == ""


def test_a_strange_file_does_no_harm():
    game = new_game()
    store.write(played.SECTION, "1", ["not", 1, "string"])
    game.refresh()
    assert game.caption.startswith("Sentence 1.")
    store.write(played.SECTION, "1", "ÄÖ€" + 3 * LETTERS)
    game.refresh()
    assert game.caption.startswith("Sentence 1.")
    assert max(played.your_guess_counts()) <= 27


def test_every_sentence_fits_the_board_and_the_alphabet():
    for text, source in guessing.sentences():
        assert set(text) <= set(LETTERS) == set(guessing.ALPHABET)
        assert 30 <= len(text) <= 2 * explorers.COLUMNS
        assert text == guessing.letters(text)
        assert source[-4:].isdigit() and int(source[-4:]) < 1900

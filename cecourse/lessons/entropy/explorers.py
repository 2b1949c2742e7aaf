"""Explorers of notebook 01: a loaded die, and Shannon's guessing game."""

import itertools

import numpy as np

from cecourse import store, widgets
from cecourse.english import guessing, played
from cecourse.explorer import Explorer
from cehelpers.information import entropy, perplexity

from .pictures import die_board, game_board

MOST_FACES = 20


def loaded_die(faces: int, load: float) -> np.ndarray:
    """The probabilities of a die whose first face got the share `load` of everything on top.

    Parameters
    ----------
    faces : int
        How many faces, K.
    load : float
        0 is fair, 1 always shows the first face.

    Returns
    -------
    ndarray, shape (faces,)

    Examples
    --------
    >>> loaded_die(4, 0.2)
    array([0.4, 0.2, 0.2, 0.2])
    """
    p = np.full(faces, (1 - load) / faces)
    p[0] += load
    return p


def _entropies(load: float) -> np.ndarray:
    """The entropy of dice with this load and 1, 2, … faces, in bits."""
    return np.array([entropy(loaded_die(k, load), base=2) for k in range(1, MOST_FACES + 1)])


def die() -> Explorer:
    """A die with K faces, one of them loaded: its entropy against log K."""
    controls = {
        "faces": widgets.IntSlider(6, 2, MOST_FACES, description="Number of faces K"),
        "load": widgets.FloatSlider(
            value=0.0, min=0.0, max=1.0, step=0.01, description="Load on face 1"
        ),
        "unit": widgets.Dropdown(options=["bits", "nats"], description="Unit"),
    }

    def draw(fig):
        return die_board(fig, MOST_FACES)

    def update(artists, faces, load, unit):
        p = loaded_die(faces, load)
        scale, log = (1.0, "log₂") if unit == "bits" else (float(np.log(2)), "ln")
        h, most = scale * entropy(p, base=2), scale * float(np.log2(faces))
        for bar, height in itertools.zip_longest(artists["bars"], p, fillvalue=0.0):
            bar.set_height(height)
        artists["fair"].set_data([0.4, faces + 0.6], [1 / faces, 1 / faces])
        artists["fair_words"].set_text(f"1/{faces}" if faces <= MOST_FACES - 3 else "")
        artists["fair_words"].set_position((faces + 0.9, 1 / faces))
        artists["first"].set_text(f"{p[0]:.3f}")
        artists["first"].set_position((0.6, p[0] + 0.015))
        k = np.arange(1, MOST_FACES + 1)
        artists["curve"].axes.set(ylim=(0, 5 * scale), ylabel=f"entropy in {unit}")
        artists["logs"].set_data(k, scale * np.log2(k))
        artists["curve"].set_data(k, scale * _entropies(load))
        artists["gap"].set_data([faces, faces], [h, most])
        artists["dot"].set_data([faces], [h])
        artists["words"].set_text(f"{h:.3f} of {most:.3f} {unit}")
        short = f", {most - h:.3f} less than a fair die" if most - h >= 0.0005 else ""
        return (
            f"{faces} faces, face 1 has probability {p[0]:.3f}: entropy {h:.3f} {unit} of "
            f"at most {log} {faces} = {most:.3f}{short}. Perplexity {perplexity(p):.2f}: "
            f"as uncertain as a fair die with {perplexity(p):.2f} faces."
        )

    return Explorer(
        controls,
        draw,
        update,
        alt="Left, a bar for the probability of each face, the loaded face 1 in another colour; "
        f"right, the entropy of such dice against their number of faces K, from 1 to {MOST_FACES}, "
        "below the dashed curve log K of fair dice, and a dot for this die.",
        actions={  # and the unit stays as it is
            "A coin": {"faces": 2, "load": 0.0},
            "A coin at 0.99": {"faces": 2, "load": 0.98},
            "Loaded to one half": {"faces": 6, "load": 0.4},
            "Twenty fair faces": {"faces": 20, "load": 0.0},
        },
        size=(7.2, 3.5),
    )


# -- Shannon's guessing game ----------------------------------------------------------------------

EXAMPLE, NEW = 0, -1  # choices beside the sentences 1, 2, …
AGAIN = "start again"
COLUMNS, BARS = 30, 8
ENOUGH = 10  # letters; with fewer the two estimates say nothing

_INVITATION = "Type one letter, or a blank for the end of a word, and press Enter."


def read_guess(typed: str, position: guessing.Position) -> tuple[str, str]:
    """What is typed as a guess: the symbol ("" if it is none), and a remark for the player.

    Examples
    --------
    >>> read_guess("e", guessing.Position("TH", (2, 1), ""))
    ('E', '')
    >>> read_guess("7", guessing.Position("TH", (2, 1), ""))[0]
    ''
    """
    shown = typed.strip()
    if len(shown) > 1:
        return (
            "",
            f"One letter at a time, please: “{shown[:20]}” has {len(shown)}; nothing was counted.",
        )
    symbol = " " if shown in ("", "_", "␣") else shown.upper()
    if symbol not in guessing.ALPHABET:
        return (
            "",
            f"“{shown}” is none of the 27 symbols, A to Z and the blank; nothing was counted.",
        )
    if symbol in position.missed:
        return "", f"You have tried {_named(symbol)} for this letter; nothing was counted."
    return symbol, ""


def _named(symbol: str) -> str:
    return "the blank" if symbol == " " else symbol


class _Game:
    """The table at which the game is played: the guesses lie in the learner's file."""

    def __init__(self):
        self.sentences = guessing.sentences()
        self.example = guessing.example_game()[1]
        self.remark = ""

    def position(self, number: int) -> guessing.Position:
        guesses = self.example if number == EXAMPLE else played.kept(number)
        return guessing.play(self.sentences[number].text, guesses)

    def is_over(self, number: int) -> bool:
        return self.position(number).revealed == self.sentences[number].text

    def next_after(self, number: int) -> int:
        """The next sentence that is not finished; if all are, the next one."""
        after = [*range(number + 1, len(self.sentences)), *range(1, number + 1)]
        return next((i for i in after if not self.is_over(i)), after[0])

    def take(self, number: int, typed: str) -> None:
        """Make one guess, or start a sentence again; say what came of it in `remark`."""
        if typed == AGAIN:
            if number != EXAMPLE:
                store.write(played.SECTION, str(number), "")
            self.remark = "From the beginning." if number != EXAMPLE else ""
        elif self.is_over(number):
            self.remark = "This sentence is complete: choose New sentence to go on."
        else:
            before = self.position(number)
            symbol, self.remark = read_guess(typed, before)
            if symbol:
                store.write(played.SECTION, str(number), played.kept(number) + symbol)
                n = len(before.missed) + 1
                hit = len(self.position(number).needed) > len(before.needed)
                self.remark = (
                    f"Yes, {_named(symbol)}: {n} {'guess' if n == 1 else 'guesses'}."
                    if hit
                    else f"Not {_named(symbol)}."
                )


def guessing_game() -> Explorer:
    """Shannon's game (1951): find a sentence letter by letter; your guesses are counted."""
    game = _Game()
    options = [("Example game", EXAMPLE)]
    options += [(f"Sentence {i}", i) for i in range(1, len(game.sentences))]
    controls = {
        "sentence": widgets.Dropdown(
            options=[*options, ("New sentence", NEW)], value=EXAMPLE, description="Sentence"
        ),
        "guess": widgets.Text(
            value="",
            continuous_update=False,
            description="Your next letter",
            placeholder="one letter or a blank, then Enter",
        ),
    }
    latest = {"sentence": EXAMPLE}

    def draw(fig):
        return game_board(fig, COLUMNS, BARS)

    def update(artists, sentence, guess):
        if sentence == NEW:
            sentence, game.remark = game.next_after(latest["sentence"]), ""
            latest["sentence"] = sentence
            controls["sentence"].value = sentence
        if sentence != latest["sentence"]:
            latest["sentence"], game.remark = sentence, ""
        if guess:
            game.take(sentence, guess)
            controls["guess"].value = ""  # ready for the next one
        position = game.position(sentence)
        needed = list(position.needed) if sentence == EXAMPLE else played.all_needed()
        over = game.is_over(sentence)
        _show_sentence(artists, position, over)
        _show_counts(artists, needed)
        return _caption(game, sentence, position, needed, over)

    return Explorer(
        controls,
        draw,
        update,
        alt="On top the sentence as far as it is found, under each letter the number of guesses it "
        "took; left, bars for the share of letters that took 1, 2, 3 … up to 8 or more guesses; "
        "right, a scale from 0 to 5 bits a letter with the two bounds, beside the "
        f"{guessing.SHANNON_CONCLUDED[0]} to {guessing.SHANNON_CONCLUDED[1]} that Shannon found in "
        f"1951, {guessing.letter_entropy():.2f} for letter counts and log₂ 27 = {np.log2(27):.2f}.",
        actions={
            "New sentence": {"sentence": NEW, "guess": ""},
            "Start this sentence again": {"guess": AGAIN},
            "Example game": {"sentence": EXAMPLE, "guess": ""},
        },
        size=(7.2, 4.3),
    )


def _show_sentence(artists, position, over):
    letters = position.revealed.replace(" ", "␣") + ("" if over else "_")
    tops = (3.35, 1.35) if len(letters) > COLUMNS else (2.4, 0.4)  # a single line in the middle
    artists["head"].set_y(tops[0] + 0.9)
    for row, top in enumerate(tops):
        for i in range(COLUMNS):
            k = row * COLUMNS + i
            letter, count = artists[f"letters_{row}"][i], artists[f"counts_{row}"][i]
            letter.set(text=letters[k] if k < len(letters) else "", y=top)
            count.set(
                text=str(position.needed[k]) if k < len(position.needed) else "", y=top - 0.95
            )


def _show_counts(artists, needed):
    shares = np.zeros(BARS)
    for n in needed:
        shares[min(n, BARS) - 1] += 1 / len(needed)
    for i, (bar, top, share) in enumerate(
        zip(artists["bars"], artists["tops"], shares, strict=True)
    ):
        bar.set_height(share)
        top.set_position((i + 1, share + 0.015))
        top.set_text(f"{share:.0%}" if share else "")
    estimates = _estimates(needed)
    artists["band"].set_data(estimates or [], [0.66, 0.66] if estimates else [])
    words = f"{estimates[0]:.2f} to {estimates[1]:.2f} bits" if estimates else ""
    artists["band_words"].set_text(words)


def _estimates(needed):
    """The two bounds as soon as they can be believed: enough letters, and not crossed by luck."""
    if len(needed) < ENOUGH:
        return None
    lower, upper = guessing.bounds(guessing.fractions(needed))
    return (lower, upper) if lower <= upper else None


def _caption(game, number, position, needed, over):
    if number == EXAMPLE:
        return (
            "Example game, played by a program that has read half a chapter of Alice: "
            f"{position.revealed}. {_numbers(needed)} Your turn: press New sentence."
        )
    tried = ", ".join(_named(symbol) for symbol in position.missed)
    parts = [f"Sentence {number}.", game.remark]
    if over:
        source = game.sentences[number].source
        parts += [f"Complete: {position.revealed} ({source})."]
    else:
        parts += [f"So far “{position.revealed}_”."]
        parts += [f"For the next letter you have tried {tried}."] if tried else []
    parts += [_numbers(needed), "Press New sentence to go on." if over else _INVITATION]
    return " ".join(part for part in parts if part)


def _numbers(needed):
    if not needed:
        return ""
    n, estimates = len(needed), _estimates(needed)
    found = f"{n} {'letter' if n == 1 else 'letters'}, {needed.count(1)} at the first guess"
    if estimates is None:
        return f"{found}; an estimate needs {'more' if n >= ENOUGH else 'ten'} letters."
    return f"{found}: between {estimates[0]:.2f} and {estimates[1]:.2f} bits a letter."

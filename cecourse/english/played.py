"""The learner's own rounds of Shannon's game, as notebook 01 keeps them in the learner's file."""

from cecourse import store

from . import guessing

SECTION = "guessing_game"  # of the learner's file: the guesses made in each sentence


def kept(number: int) -> str:
    """The guesses made in a sentence; whatever else the file may hold is left out."""
    found = store.read(SECTION, str(number), "")
    return "".join(symbol for symbol in str(found) if symbol in guessing.ALPHABET)


def all_needed() -> list[int]:
    """How many guesses each letter took you, in all sentences; empty before you play."""
    return [n for game in _games() for n in game.needed]


def your_guess_counts() -> list[int]:
    """How many guesses each letter took you, in all sentences; the example's before you play."""
    return [n for game in _games() or [_example()] for n in game.needed]


def your_letters() -> str:
    """The letters that took you these guesses, in the same order."""
    return "".join(game.revealed for game in _games() or [_example()])


def _games() -> list[guessing.Position]:
    """Where the learner's games stand in which a letter has been found."""
    sentences = guessing.sentences()
    games = [guessing.play(sentences[i].text, kept(i)) for i in range(1, len(sentences))]
    return [game for game in games if game.needed]


def _example() -> guessing.Position:
    sentence, guesses = guessing.example_game()
    return guessing.play(sentence.text, guesses)

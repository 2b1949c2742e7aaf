"""The notebooks of the course: the one list that pages, tools and tests read."""

from typing import NamedTuple

from cecourse import story

__path__[:0] = [str(story.FOLDER)] if story.FOLDER else []


class Notebook(NamedTuple):
    """One notebook: its name in files, what its title says, what it answers, how long it takes."""

    number: str
    slug: str
    title: str
    promise: str
    question: str
    minutes: int  # to read, explorers included
    minutes_with_exercises: int

    @property
    def file(self) -> str:
        """The file's name beside the other notebooks."""
        return f"{self.number}_{self.slug}.ipynb"


NOTEBOOKS = (
    Notebook(
        "00",
        "start_here",
        "Start here",
        "ten minutes with the tools",
        "How do the tools work, and which path is mine?",
        10,
        15,
    ),
    Notebook(
        "01",
        "entropy",
        "Surprise and entropy",
        "price a surprise",
        "What does an event cost, and how many bits is a letter of English worth?",
        30,
        75,
    ),
    Notebook(
        "02",
        "cross_entropy",
        "Cross-entropy and KL divergence",
        "the price of the wrong code",
        "What does a wrong belief cost on top?",
        50,
        105,
    ),
    Notebook(
        "03",
        "binary_cross_entropy",
        "Binary cross-entropy",
        "grade a probability",
        "How is a yes-or-no forecast graded, and is my loss good?",
        35,
        75,
    ),
    Notebook(
        "04",
        "logits",
        "Logits and numerical stability",
        "why the fused loss exists",
        'Why does every framework have a loss "with logits"?',
        40,
        95,
    ),
    Notebook(
        "05",
        "softmax",
        "Softmax cross-entropy",
        "one of K, or many at once",
        "One of K classes or many at once: which loss, and which mistake?",
        45,
        90,
    ),
    Notebook(
        "06",
        "maximum_likelihood",
        "Maximum likelihood and learning",
        "where the loss comes from",
        "Where does the loss come from, and what does it do in training?",
        45,
        100,
    ),
    Notebook(
        "07",
        "label_smoothing",
        "Label smoothing",
        "soften the target, and pay",
        "What does a softened target buy, and what does it cost?",
        35,
        70,
    ),
    Notebook(
        "08",
        "calibration",
        "Calibration",
        "trust a 0.8",
        "When a model says 0.8, does it happen 80 times in 100?",
        50,
        105,
    ),
    Notebook(
        "09",
        "class_imbalance",
        "Class imbalance",
        "what weights do to a probability",
        "What do class weights do to a probability, and how is it undone?",
        45,
        70,
    ),
    Notebook(
        "10",
        "fraud_scorer",
        "The Harbor Payments fraud scorer",
        "audit a story, then build it",
        "Which parts of a success story survive an audit, and what does the scorer that holds look "
        "like?",
        60,
        110,
    ),
    Notebook(
        "11",
        "loss_clinic",
        "The loss clinic",
        "choose a loss, find the bug",
        "Which loss does my problem need, and which bug draws this curve?",
        55,
        135,
    ),
    Notebook(
        "12",
        "framework_rosetta",
        "Framework Rosetta stone",
        "one loss, five libraries",
        "What is this call in the other libraries, and why do the numbers differ?",
        30,
        70,
    ),
    Notebook(
        "13",
        "language_model",
        "The loss of a language model",
        "the next letter, and its price",
        "What does the loss of a language model measure, and what does its mean hide?",
        80,
        175,
    ),
)

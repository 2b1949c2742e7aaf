"""The notebooks of the course: the one list that the map, the progress table and the tests read."""

from typing import NamedTuple


class Notebook(NamedTuple):
    """One notebook: its number, its name in files, what its title says, and how long it takes."""

    number: str
    slug: str
    title: str
    promise: str
    minutes: int

    @property
    def file(self) -> str:
        """The file's name beside the other notebooks."""
        return f"{self.number}_{self.slug}.ipynb"


NOTEBOOKS = (
    Notebook("00", "start_here", "Start here", "ten minutes with the tools", 10),
    Notebook("01", "entropy", "Surprise and entropy", "price a surprise", 30),
    Notebook(
        "02", "cross_entropy", "Cross-entropy and KL divergence", "the price of the wrong code", 40
    ),
    Notebook("03", "binary_cross_entropy", "Binary cross-entropy", "grade a probability", 35),
    Notebook("04", "logits", "Logits and numerical stability", "why the fused loss exists", 40),
    Notebook("05", "softmax", "Softmax cross-entropy", "one of K, or many at once", 45),
    Notebook(
        "06",
        "maximum_likelihood",
        "Maximum likelihood and learning",
        "where the loss comes from",
        45,
    ),
    Notebook("07", "label_smoothing", "Label smoothing", "soften the target, and pay", 35),
    Notebook("08", "calibration", "Calibration", "trust a 0.8", 45),
    Notebook("09", "class_imbalance", "Class imbalance", "weights move the intercept", 45),
    Notebook(
        "10",
        "fraud_scorer",
        "The Harbor Payments fraud scorer",
        "audit a story, then build it",
        60,
    ),
    Notebook("11", "loss_clinic", "The loss clinic", "choose a loss, find the bug", 45),
    Notebook("12", "framework_rosetta", "Framework Rosetta stone", "one loss, five libraries", 30),
)

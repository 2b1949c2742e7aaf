"""A progress bar for long cells that leaves no trace in a stored notebook."""

import os
from collections.abc import Callable
from typing import Any

from tqdm.auto import tqdm

VARIABLE = "CEHELPERS_PROGRESS"


def progress_bar(total: int, label: str) -> Callable[..., None]:
    """Show a bar and return a callback that moves it one step; full, it disappears.

    With CEHELPERS_PROGRESS=off in the environment, as where notebooks are built and compared,
    nothing is shown at all.

    Parameters
    ----------
    total : int
        Steps, such as epochs.
    label : str
        What is going on, shown before the bar.

    Returns
    -------
    callable
        Takes and ignores any arguments, so that it fits ``fit_mlp(..., callback=...)``.
    """
    if total < 1:
        raise ValueError(f"total must be at least 1; got {total}")
    bar = tqdm(total=total, desc=label, leave=False, disable=os.environ.get(VARIABLE) == "off")

    def step(*_: Any) -> None:
        bar.update()
        if bar.n >= bar.total:
            bar.close()

    return step

"""Whether an answer is of the right kind, and nothing about right or wrong.

It is what an assignment says that is marked later.
"""

from typing import Any

import numpy as np

from ..language import N_, _
from .calls import is_empty
from .compare import NotNumbers, has_ellipsis, numbers, short

MISSING = N_("Nothing received yet: put your answer in the place of `...` and run the cell again.")


def received(kind: str, answer: Any) -> str:
    """A sentence about what has arrived.

    Parameters
    ----------
    kind : str
        What is asked for: the `kind` of an exercise.
    answer : object
        What was answered.

    Examples
    --------
    >>> received("number", 0.25)
    'Received: 0.25'
    >>> received("number", "a quarter")
    'Not received. A number is asked for, and your answer is text.'
    """
    if has_ellipsis(answer) or (callable(answer) and is_empty(answer)):
        return _(MISSING)
    if kind == "function":
        if not callable(answer):
            return _not(_("The answer is a function itself."))
        return _("Received: the function {name}").format(name=getattr(answer, "__name__", ""))
    if kind == "choice" and not isinstance(answer, str):
        return _not(_('The answer is a letter in quotes, "A".'))
    if kind == "truth" and not isinstance(answer, bool | np.bool_):
        return _not(_("The answer is True or False."))
    if kind in ("choice", "truth"):
        return _("Received: {answer}").format(answer=answer)
    try:
        numbers(answer)
    except NotNumbers as error:
        return _not(str(error))
    return _("Received: {answer}").format(answer=short(answer))


def _not(why: str) -> str:
    return _("Not received. {why}").format(why=why)

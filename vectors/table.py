"""What a table of cases is made of."""

from collections.abc import Callable
from typing import Any, NamedTuple

INF, MINUS_INF, NAN = "inf", "-inf", "nan"
REDUCTIONS = ("mean", "sum", "none")


class Case(NamedTuple):
    """A call of a loss, and what it is for.

    Without `gradient` none is asked for; a `careful` case asks for all digits where a plain formula
    cancels; `chunks` are the sizes of the pieces in which the rows arrive.
    """

    loss: str
    arguments: dict[str, Any]
    options: dict[str, Any]
    flags: tuple[str, ...] = ()
    gradient: bool = True
    refuse: bool = False
    careful: bool = False
    chunks: tuple[int, ...] | None = None


REFUSE, NO_GRADIENT, CAREFUL = {"refuse": True}, {"gradient": False}, {"careful": True}


def reductions(truth: list) -> tuple[str, ...]:
    """All of them, but one where there is a single row, which is its own sum and mean."""
    return REDUCTIONS if len(truth) > 1 else ("mean",)


def calls(loss: str, *names: str, **usual: Any) -> Callable[..., Case]:
    """What makes cases of a loss: of its arguments in order, then flags, then options by name."""

    def case(*given, how=None, **options):
        arguments = dict(zip(names, given, strict=False))
        return Case(loss, arguments, usual | options, given[len(names) :], **(how or {}))

    return case

"""A known mistake: a function that makes it, in each of its ways and in any size."""

import inspect
import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from .calls import Outcome
from .compare import NotNumbers, numbers

Text = str | Callable[..., str]  # of the givens, `it` and `answer`, whichever it names


class AnySize(NamedTuple):
    """Every size from one positive number to another."""

    low: float
    high: float


EPS = AnySize(1e-308, 1e-3)  # what people put beside a logarithm, so that it never meets 0


def named(function: Callable, known: Mapping[str, Any]) -> dict[str, Any]:
    """What a function asks for by name among what is known."""
    return {name: known[name] for name in inspect.signature(function).parameters if name in known}


@dataclass(frozen=True)
class Mistake:
    """A known mistake: the function that makes it, and what its maker is told.

    `ways` holds the values that keywords of the function may have: a sequence, of which each is
    tried, or, for one keyword, `AnySize`, of which the right one is found from the answer.
    """

    function: Callable
    text: str
    ways: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.function.__name__

    def outcomes(
        self, given: list[Outcome], run: Callable[[Callable], list[Outcome]]
    ) -> Iterator[tuple[list[Outcome], float | None]]:
        """What each way of making the mistake gives, in the size that an answer speaks for."""
        for function, name, size in self._ways():
            if name is None:
                yield run(function), None
            else:
                yield _in_size(lambda x, f=function, n=name: run(partial(f, **{n: x})), size, given)

    def examples(self, sizes: int = 5) -> Iterator[Callable]:
        """The mistake as functions of the exercise's inputs alone, in some of its sizes."""
        for function, name, size in self._ways():
            if name is None:
                yield function
            else:
                yield from (partial(function, **{name: x}) for x in np.geomspace(*size, sizes))

    def _ways(self) -> Iterator[tuple[Callable, str | None, AnySize | None]]:
        """The function for each choice of the listed values; the name and range of what is open."""
        ranges = {name: way for name, way in self.ways.items() if isinstance(way, AnySize)}
        name, size = next(iter(ranges.items()), (None, None))
        lists = {name: way for name, way in self.ways.items() if name not in ranges}
        for values in itertools.product(*lists.values()):
            chosen = dict(zip(lists, values, strict=True))
            yield partial(self.function, **chosen) if chosen else self.function, name, size


def _in_size(
    outcomes: Callable[[float], list[Outcome]], size: AnySize, given: list[Outcome]
) -> tuple[list[Outcome], float | None]:
    """Outcomes in the size that gives what was given, in the place where size matters most."""
    low, high = map(math.log, size)  # sizes differ by powers of ten

    def at(x: float) -> list[Outcome]:
        return outcomes(math.exp(x))

    a, first, last = _flat(given), _flat(at(low)), _flat(at(high))
    if not a.size == first.size == last.size:
        return at(low), None
    with np.errstate(invalid="ignore"):
        reach = np.where(np.isfinite(a + first + last), np.abs(last - first), -1.0)
    place = int(np.argmax(reach))
    if not reach[place] > 0:
        return at(low), None
    rising = last[place] > first[place]
    if abs(2 * a[place] - first[place] - last[place]) > (1 + 1e-9) * reach[place]:
        return at(low), None  # beyond both ends
    for _ in range(40):  # to nine digits of the size
        middle = (low + high) / 2
        if (_flat(at(middle))[place] < a[place]) == rising:
            low = middle
        else:
            high = middle
    found = math.exp(low)
    return at(low), found if found > 1.1 * size.low else None


def _flat(outcomes: list[Outcome]) -> np.ndarray:
    """All numbers of some outcomes in a row, and a nan for what is none."""
    rows = []
    for outcome in outcomes:
        try:
            rows.append(numbers(outcome.value, truth=True).ravel())
        except NotNumbers:
            rows.append(np.array([math.nan]))
    return np.concatenate(rows)

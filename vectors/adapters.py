"""Who answers a case: a Python module, or a command in any language that reads and writes lines."""

from __future__ import annotations

import importlib.util
import inspect
import json
import queue
import shlex
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

from vectors.runner import HERE, Answer, Problem, leaves, numbers, rounded, worded

# options that a function without them has in mind
NEUTRAL = {
    "alpha": None,
    "axis": -1,
    "base": None,
    "class_weight": None,
    "convention": "K",
    "ignore_index": None,
    "label_smoothing": 0,
    "pos_weight": 1,
    "reduction": "mean",
    "sample_weight": None,
    "smooth_targets": False,
    "strategy": "uniform",
    "temperature": 1,
}


def names() -> list[str]:
    """The libraries that have an adapter here."""
    return sorted(path.stem for path in (HERE / "libraries").glob("[a-z]*.py"))


def load(library: str) -> ModuleType:
    """The adapter of this name, or at this path."""
    path = HERE / "libraries" / f"{library}.py" if library in names() else Path(library)
    if path.suffix != ".py":
        known = ", ".join(names())
        raise Problem(f"there is no library {library!r}; there are {known}, and any path to a .py")
    if not path.is_file():
        raise Problem(f"there is no file {library}")
    spec = importlib.util.spec_from_file_location(f"adapter_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        line = (error.text or "").strip()
        raise Problem(f"{library}, line {error.lineno}: {error.msg}: {line}") from None
    except ModuleNotFoundError as error:
        raise Problem(f"{library} needs {error.name}, which is not installed here") from None
    except (Exception, SystemExit) as error:
        raise Problem(f"{library} cannot be imported: {said(error)}") from error
    return module


def said(error: BaseException) -> str:
    """An error in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


class Module:
    """A module with NAME, VERSION and a function for each loss that it offers."""

    def __init__(self, module: ModuleType, *, single: bool = False):
        self.module, self.single = module, single or getattr(module, "SINGLE", False)
        self.name = getattr(module, "NAME", module.__name__.removeprefix("adapter_"))
        version = getattr(module, "VERSION", "")
        self.version = str(version() if callable(version) else version)

    def __call__(self, case: dict[str, Any]) -> Answer:
        """Call the function of a case with what it takes, and ask for the gradient."""
        function = getattr(self.module, case["loss"], None)
        if not callable(function):
            return Answer(not_offered=f"no function {case['loss']}")
        arguments = {n: self.given(x, argument=True) for n, x in case["arguments"].items()}
        options, missing = accepted(function, case)
        if missing:
            return Answer(not_offered=f"{case['loss']} has no option {missing}")
        options = {name: self.given(x) for name, x in options.items()}
        if not takes(function, len(arguments)):
            return Answer(not_offered=f"{case['loss']} takes other arguments")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value, gradient = function(*arguments.values(), **options), None
                if value is NotImplemented:
                    return Answer(not_offered=f"{case['loss']}, not in this form")
                if "gradient" in case and hasattr(self.module, "gradient"):
                    gradient = plain(self.module.gradient(case["loss"], arguments, options))
        except Exception as error:
            return Answer(refused=said(error))
        return Answer(plain(value), gradient)

    def given(self, value: Any, *, argument: bool = False) -> Any:
        """An argument, or an option that is a list, by the adapter's function `array`."""
        value = rounded(numbers(value)) if self.single else numbers(value)
        if not (argument or isinstance(value, list)) or not hasattr(self.module, "array"):
            return value
        whole = all(isinstance(leaf, int) for leaf in leaves(value))
        dtype = "int64" if whole else "float32" if self.single else "float64"
        return self.module.array(value, dtype)

    def close(self) -> None:
        """Let the adapter put away what it keeps, if it says how."""
        getattr(self.module, "close", lambda: None)()


def accepted(function: Callable[..., Any], case: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The options of a case that a function takes, and one that it lacks though it matters."""
    given = case["options"] | ({"chunks": case["chunks"]} if "chunks" in case else {})
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # built in, and silent about itself
        return case["options"], ""
    taken = {one.name for one in parameters}
    if any(one.kind is one.VAR_KEYWORD for one in parameters):
        taken |= case["options"].keys()
    neutral = NEUTRAL | {"chunks": given.get("chunks")}
    if not {"class_weight", "sample_weight"} & given.keys():
        neutral["weight_norm"] = given.get("weight_norm")
    lacking = given.keys() - taken
    missing = [n for n in lacking if n not in neutral or given[n] != neutral[n]]
    return {n: given[n] for n in given if n in taken}, ", ".join(sorted(missing))


def takes(function: Callable[..., Any], count: int) -> bool:
    """Whether a function can be called with this many arguments by position."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        return True
    if any(one.kind is one.VAR_POSITIONAL for one in parameters):
        return True
    by_place = [one for one in parameters if one.kind is not one.KEYWORD_ONLY]
    by_place = [one for one in by_place if one.kind is not one.VAR_KEYWORD]
    return sum(one.default is one.empty for one in by_place) <= count <= len(by_place)


def plain(value: Any) -> Any:
    """Arrays and tuples as nested lists, and their numbers as Python's."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


# ---------------------------------------------------------------- other languages


class Command:
    """A process that reads a case in one line of JSON and answers in one: see README.md."""

    def __init__(self, command: str, *, seconds: float = 60, single: bool = False):
        self.words = shlex.split(command, posix=sys.platform != "win32")
        if not self.words:
            raise Problem("the command is empty")
        self.name, self.version = command, ""
        self.seconds, self.single = seconds, single
        self.process: subprocess.Popen | None = None
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.silent = 0  # cases in a row that nothing answered

    def __call__(self, case: dict[str, Any]) -> Answer:
        """Write a case, read its answer; whoever dies or says nothing is started anew."""
        if self.process is None:
            self.start()
        asked = {name: case[name] for name in ("id", "loss", "arguments", "options")}
        asked |= {"chunks": case["chunks"]} if "chunks" in case else {}
        asked = worded(rounded(asked)) if self.single else asked
        try:
            self.process.stdin.write(json.dumps(asked, ensure_ascii=False) + "\n")
            self.process.stdin.flush()
            line = self.lines.get(timeout=self.seconds)
        except OSError:
            line = ""
        except queue.Empty:
            self.close(patience=0.1)
            return self.nothing(case, f"no answer within {self.seconds:g} s")
        if not line:
            status = self.close()
            return self.nothing(case, f"the command ended, with status {status}")
        self.silent = 0
        return self.read(line, case)

    def start(self) -> None:
        try:
            self.process = subprocess.Popen(
                self.words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise Problem(f"{self.words[0]} cannot be started: {error.strerror}") from None
        self.lines = queue.SimpleQueue()
        arguments = self.process.stdout, self.lines
        self.listener = threading.Thread(target=listen, args=arguments, daemon=True)
        self.listener.start()

    def nothing(self, case: dict[str, Any], why: str) -> Answer:
        self.silent += 1
        if self.silent == 3:
            self.close()
            raise Problem(f"three cases in a row had no answer, the last {case['id']}: {why}")
        return Answer(failed=why)

    def read(self, line: str, case: dict[str, Any]) -> Answer:
        """What a line says; a line that says nothing stops everything."""
        try:
            found = json.loads(line)
        except ValueError:
            self.stop(f"an answer must be one line of JSON; got {line.strip()[:80]!r}", case)
        if not isinstance(found, dict) or found.get("id") != case["id"]:
            self.stop(f"an answer must repeat the id of its case; got {line.strip()[:80]!r}", case)
        if found.get("not_offered"):
            return Answer(not_offered=str(found["not_offered"]))
        if "refused" in found:
            return Answer(refused=str(found["refused"]))
        if "value" not in found:
            self.stop(f'an answer needs "value", "refused" or "not_offered"; got {found}', case)
        value, gradient = named(found["value"]), named(found.get("gradient"))
        if None in leaves(value):
            why = 'null is no value, and JSON has no infinity: write "inf", "-inf" or "nan"'
            self.stop(f"{why}; got {found['value']}", case)
        return Answer(value, gradient)

    def stop(self, why: str, case: dict[str, Any]) -> None:
        self.close()
        raise Problem(f"{case['id']}: {why}")

    def close(self, patience: float = 2) -> int | None:
        """Let the process end, or end it; its status."""
        if self.process is None:
            return None
        process, self.process = self.process, None
        with suppress(OSError):
            process.stdin.close()
        try:
            status = process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        self.listener.join(patience)
        if not self.listener.is_alive():  # else a child of the process holds the pipe
            process.stdout.close()
        return status


def named(value: Any) -> Any:
    """An answer with its infinities and NaNs as floats, in dictionaries too."""
    if isinstance(value, dict):
        return {name: numbers(one) for name, one in value.items()}
    return numbers(value)


def listen(stream: Any, lines: queue.SimpleQueue[str]) -> None:
    """Pass on each line of a stream, and "" at its end."""
    for line in stream:
        lines.put(line)
    lines.put("")

"""The other side of `marker.py`: it runs a student's cells, and knows no question and no mark.

An isolated interpreter runs it as a file (`python -I -S`). It finds NumPy, SciPy and `cehelpers`,
can read no file of the course, start no program and reach no network, and says what it has in
lines of JSON. Whatever a student's code does here, it changes its own answers alone.
"""

import json
import linecache
import os
import sys
import warnings


def main() -> None:
    """Read a job from standard input, run its cells, then call the functions they left."""
    say, ask = channel()
    job = ask()
    sys.path[:] = job["paths"] + sys.path
    limit(job["memory"])
    # before the guard, since what these import themselves is not a student's
    import numpy as np
    import scipy.special  # noqa: F401
    from answers.exercise.calls import is_empty, run
    from answers.wire import decoded, encoded, encoded_outcome

    import cehelpers  # noqa: F401

    warnings.simplefilter("ignore")
    guard(job["readable"])
    names: dict = {"__name__": "__main__"}
    functions = {}
    for k, cell in enumerate(job["cells"]):
        if cell["skip"]:
            continue
        name = cell["name"]
        say({"begin": k})
        if name:
            names.pop(name, None)
        stopped = executed(cell["code"], names, k)
        said = {"end": k, "stopped": stopped}
        if name and name in names:
            value = names[name]
            if callable(value):
                functions[k] = value
                said |= {"function": True, "empty": is_empty(value)}
            else:
                said["value"] = encoded(value)
        say(said)
    say({"begin": len(job["cells"])})
    while call := ask():
        with np.errstate(all="ignore"):
            for probe in call["inputs"]:
                outcome = run(functions[call["cell"]], tuple(map(decoded, probe)))
                say({"outcome": encoded_outcome(outcome)})


def executed(code: str, names: dict, k: int) -> str:
    """Run a cell; what stopped it, in one line, or nothing."""
    try:
        place = f"<cell {k}>"
        linecache.cache[place] = (len(code), None, code.splitlines(True), place)
        exec(compile(code, place, "exec"), names)
    except SyntaxError as error:
        return f"a syntax error in line {error.lineno}: {error.msg}"
    except BaseException as error:  # a SystemExit too
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def channel():
    """Two functions: `say` writes a line to the parent, `ask` reads one; prints go nowhere."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    lines = os.fdopen(os.dup(0), encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)

    def say(what: dict) -> None:
        out.write(json.dumps(what) + "\n")
        out.flush()

    def ask() -> dict:
        line = lines.readline()
        return json.loads(line) if line else {}

    return say, ask


def limit(memory: int) -> None:
    """Take no more than so many bytes, where the platform can say so."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def guard(readable: list[str]) -> None:
    """Refuse what no answer needs, for good: an audit hook cannot be taken away."""
    places = tuple(os.path.realpath(one) + os.sep for one in readable)
    listing = {"os.listdir", "os.scandir", "os.walk", "os.fwalk"}
    real, sep, fs, null = os.path.realpath, os.sep, os.fspath, os.devnull
    writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

    def hook(event, args):
        if event == "open" or event in listing:
            path, flags = args[0], args[2] if event == "open" else 0
            if isinstance(path, int) or path == null:
                return
            path = real(fs(path) if path is not None else ".")
            path = path.decode() if isinstance(path, bytes) else path
            within = (path + sep).startswith(places) and f"{sep}cecourse" not in path
            if not within or (isinstance(flags, int) and flags & writes):
                raise PermissionError("an answer reads and writes no file")
        elif event == "import" and args[0].partition(".")[0] in ("cecourse", "tools"):
            raise ModuleNotFoundError(f"No module named {args[0]!r} where answers are marked")
        elif event.startswith(("subprocess.", "os.", "socket.", "ctypes.", "pty.", "shutil.")):
            raise PermissionError(f"an answer needs no {event}")

    sys.addaudithook(hook)


if __name__ == "__main__":
    main()

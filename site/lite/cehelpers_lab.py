"""Runs when a kernel starts in the browser: loads the slow libraries while the reader reads.

One import at a time, with a pause between: a cell that the reader runs meanwhile waits for one
library at most, and finds those before it already there. The page is told, so that its line about
the start says where it is: `START` of `tools/site/lite.py`.
"""


def _start():
    import asyncio
    import importlib
    import warnings

    from js import BroadcastChannel
    from pyodide_kernel import kernel

    page = BroadcastChannel.new("course-start")
    page.postMessage(2)

    shell = get_ipython()  # noqa: F821 - this runs as a cell does
    shell.Completer.use_jedi = False  # names come from the living objects
    # Pyodide finds what a cell imports, and fetches it, where the cell is plain Python; a line such
    # as `%precision 4` would hide the imports beside it
    fetch = kernel._load_packages_from_imports
    kernel._load_packages_from_imports = lambda cell: fetch(shell.transform_cell(cell))
    # a bar says once that no thread can watch it: there are no threads here
    warnings.filterwarnings("ignore", message="tqdm:disabling monitor support")
    # scikit-learn 1.8.0, the one that Pyodide has, takes its own `C=np.inf` for a contradiction
    warnings.filterwarnings("ignore", message="Setting penalty=None will ignore the C and l1_ratio")

    async def load():
        try:
            for name in (
                "matplotlib",
                "ipywidgets",
                "cehelpers",
                "matplotlib.font_manager",
                "matplotlib.axes",
                "matplotlib.figure",
                "matplotlib.backends.backend_agg",
                "matplotlib.backends.backend_svg",
                "cecourse",
                "cecourse.explorer",
                "tqdm.auto",
            ):
                await asyncio.sleep(0.01)
                importlib.import_module(name)
        finally:
            page.postMessage(3)
            page.close()

    return asyncio.ensure_future(load())


_warming_up = _start()
del _start

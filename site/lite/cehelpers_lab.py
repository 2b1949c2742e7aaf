"""Runs when a kernel starts in the browser: loads the slow libraries while the reader reads.

One import at a time, with a pause between: a cell that the reader runs meanwhile waits for one
library at most, and finds those before it already there.
"""


def _start():
    import asyncio
    import importlib
    import warnings

    get_ipython().Completer.use_jedi = False  # noqa: F821 - names come from the living objects
    # a bar says once that no thread can watch it: there are no threads here
    warnings.filterwarnings("ignore", message="tqdm:disabling monitor support")

    async def load():
        for name in (
            "matplotlib",
            "ipywidgets",
            "cehelpers",
            "matplotlib.font_manager",
            "matplotlib.axes",
            "matplotlib.figure",
            "matplotlib.backends.backend_agg",
            "matplotlib.backends.backend_svg",
            "cehelpers.figures",
            "cehelpers.exercises",
            "cehelpers.explorers",
            "tqdm.auto",
        ):
            await asyncio.sleep(0.01)
            importlib.import_module(name)

    return asyncio.ensure_future(load())


_warming_up = _start()
del _start

"""Two faces of a tree of controls, for tests: what a reader does in a page, and in a notebook."""

from cecourse import jupyter, page, widgets
from cecourse.markup import inner_of, page_value


def nodes(tree, path="0"):
    """(path, control) of all controls of a tree."""
    yield path, tree
    for i, child in enumerate(getattr(tree, "children", ())):
        yield from nodes(child, f"{path}.{i}")


def state(one):
    """What a page must show of a control."""
    if isinstance(one, widgets.VBox):
        return {}
    if one.kind in ("HTML", "Output"):
        return {"inner": inner_of(one)}
    told = {"label": one.description, "disabled": one.disabled, "title": one.tooltip}
    return told | {"value": page_value(one), "options": [*getattr(one, "options", ())]}


def states(tree):
    return {path: state(one) for path, one in nodes(tree)}


class Page:
    """A page that shows a tree, and keeps what it shows from the answers alone."""

    def __init__(self, make, imports="", **more):
        self.answer = page.handle(
            {"op": "open", "root": "it", "make": make, "imports": imports} | more
        )
        assert "error" not in self.answer, self.answer
        self.tree = page._roots["it"]
        self.shown = states(self.tree)

    def act(self, *events, **more):
        """Send events, each (control, value) or a button, and take over what comes back."""
        paths = {id(one): path for path, one in nodes(self.tree)}
        sent = []
        for event in events:
            one, *value = event if isinstance(event, tuple) else (event,)
            path = paths[id(one)]
            sent.append({"path": path, **({"value": value[0]} if value else {"click": True})})
            if value:
                self.shown[path]["value"] = (
                    page_value(one) if one.kind == "FileUpload" else value[0]
                )
        self.answer = page.handle({"op": "set", "root": "it", "events": sent} | more)
        for change in self.answer.get("changes", ()):
            path = change["path"]
            if "html" in change:
                gone = [known for known in self.shown if f"{known}.".startswith(f"{path}.")]
                for known in gone:
                    del self.shown[known]
                new = nodes(dict(nodes(self.tree))[path], path)
                self.shown |= {known: state(one) for known, one in new}
            else:
                news = {
                    key: value for key, value in change.items() if key not in ("path", "readout")
                }
                assert news
                self.shown[path] |= news
        return self.answer


class Notebook:
    """The same tree, shown with ipywidgets."""

    def __init__(self, tree):
        self.tree = tree
        jupyter.twin_of(tree)

    def act(self, *events):
        for event in events:
            one, *value = event if isinstance(event, tuple) else (event,)
            if not value:
                one.twin.click()
            elif isinstance(one, widgets.Dropdown):
                one.twin.index = value[0]
            elif one.kind == "FloatLogSlider":
                one.twin.value = one.base ** value[0]
            elif one.kind == "FileUpload":
                one.twin.value = value[0]
            else:
                one.twin.value = value[0]

    @property
    def shown(self):
        """What its widgets hold."""
        return {path: self._state(one) for path, one in nodes(self.tree)}

    def _state(self, one):
        told = state(one)
        twin = one.twin
        if "label" in told:
            told |= {"label": twin.description, "disabled": twin.disabled, "title": twin.tooltip}
        if isinstance(one, widgets.Dropdown):
            # ipywidgets has no index where an option stands for None
            told["value"] = one.index if twin.index is None is one.value else twin.index
        elif "value" in one.fields and one.kind != "FileUpload":
            assert twin.value == one.value
        if isinstance(one, widgets.VBox):
            assert [child.twin for child in one.children] == list(
                twin.children[: len(one.children)]
            )
        return told

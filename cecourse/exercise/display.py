"""Messages: one text for every reader, and the same with a mark and a rule in a notebook."""

import html
import re
import sys

from cecourse.palette import GOOD, MODEL, MUTED, TRUTH

# status: sign, colour (Okabe–Ito); the word itself stands in the text, so nothing hangs on colour
_LOOK = {
    "right": ("✓", GOOD),
    "untried": ("…", MUTED),
    "hint": ("→", TRUTH),
    "question": ("?", TRUTH),
}
_NOT_YET = ("↻", MODEL)
# of forms in a notebook: options that wrap, and text as large as a notebook's
FORM = """<style>
.ce-form {padding: 0.3em 0.2em 0.6em 0;}
.ce-form .widget-html-content, .ce-form .widget-radio-box label {
  font-size: var(--jp-content-font-size1, 14px); line-height: 1.5;
  font-family: var(--jp-content-font-family, inherit);
  color: var(--jp-content-font-color1, inherit);}
.ce-form .widget-html-content {white-space: normal;}
.ce-form .widget-radio {width: auto; max-width: 60em;}
.ce-form .widget-radio-box {height: auto; max-height: none; width: 100%;}
.ce-form .widget-radio-box label {
  height: auto; white-space: normal; display: flex; align-items: baseline; gap: 0.6em;
  flex-direction: row-reverse; justify-content: flex-end;
  padding: 0.25em 0.4em; border-radius: 3px; width: auto; overflow: visible; cursor: pointer;}
.ce-form .widget-radio-box label:hover {background: var(--jp-layout-color2);}
.ce-form .widget-radio-box label:focus-within, .ce-form button:focus-visible {
  outline: 2px solid TRUTH; outline-offset: 1px;}
.ce-form .widget-radio-box input {
  margin: 0.14em 0 0 !important; align-self: flex-start; flex: none;}
.ce-form pre {margin: 0.4em 1em;}
</style>""".replace("TRUTH", TRUTH)


# ipywidgets gives radio buttons no common name, so each is a stop of the Tab key and none hears the
# arrow keys, which JupyterLab would take for itself. A style sheet, last in the form, is loaded
# when the buttons are on the page.
ONE_STOP = """<style onload="
const form = this.closest('.ce-form'), box = form.querySelector('.widget-radio-box');
form.querySelector('.ce-said').role = 'status';
if (box) {
  box.role = 'radiogroup';
  box.ariaLabel = box.previousSibling.title;
  for (const button of box.querySelectorAll('input')) button.name = box.ariaLabel;
}
for (const control of form.querySelectorAll('input, select, button'))
  control.dataset.lmSuppressShortcuts = true;
"></style>"""


def rich(text: str) -> str:
    """Plain text as HTML: escaped, `code` and *stress* set, blank lines between paragraphs.

    A line that begins with two blanks keeps its place (options, code); any other joins the one
    before it.
    """
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    text = re.sub(r"(?<![\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])", r"<em>\1</em>", text)
    parts = [re.sub(r"\n(?!  )", " ", part) for part in re.split(r"\n\s*?\n", text)]
    return "<br><br>".join(part.replace("\n", "<br>") for part in parts)


def box(text: str, status: str) -> str:
    """A message as an HTML box: its first words, up to a colon or full stop, are set in bold."""
    sign, colour = _LOOK.get(status, _NOT_YET)
    head = re.match(r"[^\n]{1,60}?[:.](?=\s)", text) or re.match(r"[^\n]*", text)
    return (
        f'<div style="border-left: 4px solid {colour}; padding: 0.3em 0.8em; '
        f'max-width: 60em"><span aria-hidden="true">{sign}</span> '
        f"<strong>{rich(head[0])}</strong>{rich(text[head.end() :])}</div>"
    )


def tell(text: str, page: str) -> None:
    """Display a text with its HTML in a notebook; print the text elsewhere."""
    ipython = sys.modules.get("IPython")  # loaded already wherever it matters
    if ipython is None or ipython.get_ipython() is None:
        print(text)
        return
    from IPython.display import display

    display({"text/plain": text, "text/html": page}, raw=True)

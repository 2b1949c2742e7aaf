// Brings a page's explorers, predictions and exercises to life: one worker with the course's own
// Python answers what the reader sets. Until it can, every change waits in a queue.
const SITE = JSON.parse(document.getElementById("ce-site")?.textContent || "null");
const KEY = "my_course.json";
const BEFORE = "my_course.before.json";
const SLOW = 5_000; // ms: after that a computation may be stopped
const DEAD = 60_000; // ms: after that nothing is expected any more
const KEPT = "What you typed is kept.";
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const make = (name, fields) => Object.assign(document.createElement(name), fields);
const url = (path) => new URL(path, new URL(SITE.root || ".", document.baseURI)).href;

// ------------------------------------------------------------------ the learner's file
const store = {
  memory: null,
  get(key = KEY) {
    try {
      return this.memory?.[key] ?? localStorage.getItem(key);
    } catch {} // it is not allowed
    return null;
  },
  set(text, key = KEY) {
    const first = this.get() === null;
    try {
      if (text === null) localStorage.removeItem(key);
      else localStorage.setItem(key, text);
      if (first && key === KEY) navigator.storage?.persist?.();
    } catch {
      if (!this.memory) announce("This browser keeps nothing for this site: export your progress before you leave.");
      this.memory = { ...this.memory, [key]: text };
    }
    showProgress();
    unfold();
  },
};
/** Show what answers a prediction once the reader has committed to one. */
function unfold() {
  const [, number] = /(\d\d)_[^/]*$/.exec(location.pathname) ?? [];
  let made = {};
  try {
    made = JSON.parse(store.get())?.predictions ?? made;
  } catch {} // a damaged file: Python says so
  for (const mark of $$("[data-opens]"))
    if (mark.dataset.opens.split(" ").every((name) => `${number}/${name}` in made)) mark.closest("details").open = true;
}
// read, ask, write: two tabs at once lose nothing
const alone = (act) => (navigator.locks ? navigator.locks.request("my_course", act) : act());

function exchange(request, root) {
  const patience = setTimeout(() => say(root, "Another tab is computing; this one waits for it."), 2_000);
  return alone(async () => {
    clearTimeout(patience);
    const answer = await post({ ...request, store: store.get() }, root);
    if (answer.store !== undefined) store.set(answer.store); // it differs
    return answer;
  });
}

// ------------------------------------------------------------------ the worker
const python = { state: "off", heard: 0, bytes: 0, step: "", asked: null, jobs: [] };
const shown = (bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

function progress() {
  if (python.state === "failed") return `${python.step} ${KEPT}`;
  const of = SITE.bytes > python.bytes ? ` of ${shown(SITE.bytes)}` : "";
  if (python.step === "downloading") return `Downloading Python: ${shown(python.bytes)}${of} MB`;
  return { starting: "Starting Python …", drawing: "Drawing …" }[python.step] ?? python.step;
}

async function boot() {
  if (python.state !== "off") return;
  Object.assign(python, { state: "starting", heard: performance.now(), step: "downloading", bytes: 0 });
  tellAll();
  await kept;
  const worker = (python.worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" }));
  worker.onmessage = ({ data }) => worker === python.worker && hear(data);
  worker.onerror = (event) => worker === python.worker && broken(event.message || "it could not be loaded");
  const ahead = roots.find((root) => root.wanted)?.explorer ? ["matplotlib"] : [];
  worker.postMessage({ site: { pyodide: url(SITE.pyodide), lock: url(SITE.lock) }, ahead });
}

function hear(data) {
  python.heard = performance.now();
  if (data.bytes) python.bytes = data.bytes;
  if (data.step) python.step = data.step === "loading" ? `Loading ${data.name} …` : data.step;
  if (data.ready) {
    Object.assign(python, { state: "ready", step: "drawing" });
    performance.mark("ce-ready", { detail: data.ready });
    pump();
  }
  if (data.failed) return broken(data.failed);
  if (data.answer) python.asked?.done(data.answer);
  if (python.state !== "ready" || python.asked) tellAll();
}

const post = (request, root) =>
  new Promise((done, fail) => {
    if (python.state !== "ready") return fail(new Error("Python has stopped"));
    python.heard = performance.now();
    python.asked = { done, fail, root };
    python.worker.postMessage({ id: 1, request });
  }).finally(() => {
    python.asked = null;
    if (root) root.stop.hidden = true;
  });

function end(state, step) {
  python.worker?.terminate();
  Object.assign(python, { worker: null, state, step });
  python.asked?.fail(new Error(step));
  for (const root of roots) root.close();
  tellAll();
}

const broken = (text) => end("failed", `Python has stopped: ${text.trim().split("\n").pop()}.`);
function again() {
  end("off", "");
  boot();
}

setInterval(() => {
  const quiet = performance.now() - python.heard;
  if (python.state === "starting" && quiet > DEAD) broken("nothing has come for a minute");
  const root = python.asked?.root;
  if (!root || quiet < SLOW) return;
  if (quiet > DEAD) root.offer("Start Python again");
  else if (root.opened) root.offer("Stop");
  say(root, `${root.opened ? "Computing" : "Drawing"} for ${Math.round(quiet / 1000)} s …`);
}, 1_000);

let turning = false;
async function pump() {
  if (turning || python.state !== "ready") return;
  turning = true;
  try {
    for (;;) {
      const job = python.jobs.shift();
      const root = job ? null : roots.filter((one) => one.waits).sort((a, b) => b.touched - a.touched || a.explorer - b.explorer)[0];
      if (!job && !root) return;
      if (job) await exchange(job.request).then(job.done, (error) => job.done({ error: error.message }));
      else await root.turn();
    }
  } catch (error) {
    if (python.state === "ready") broken(error.message);
  } finally {
    turning = false;
  }
}

const ask = (request) =>
  new Promise((done) => {
    python.jobs.push({ request, done });
    if (python.state === "failed") again();
    boot();
    pump();
  });

// ------------------------------------------------------------------ what is shown
const announcer = make("p", { className: "ce-announcer", role: "status" });
const announce = (text) => {
  announcer.textContent = text;
  announcer.classList.toggle("ce-toast", Boolean(text));
  if (text) setTimeout(() => announcer.textContent === text && announce(""), 8_000);
};
function say(root, text, error = false) {
  if (!root) return;
  if (root.status.textContent !== text) root.status.textContent = text;
  root.status.classList.toggle("ce-error", error);
}
/** The state of the worker, at the things that wait for it. */
function tellAll() {
  const failed = python.state === "failed";
  const waiting = roots.filter((one) => one.wanted && (failed || !one.opened));
  const bare = (root) => root.explorer && !root.element.dataset.frames;
  for (const root of waiting.filter((one, i) => failed || one.touched || i === 0 || bare(one))) {
    say(root, progress(), failed);
    if (failed) root.offer("Start Python again");
  }
}

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** Make `old` what `fresh` is, and leave alone what is the same: focus and caret stay. */
function morph(old, fresh, holds) {
  const other = old.nodeName !== fresh.nodeName || old.dataset?.ce !== fresh.dataset?.ce || old.type !== fresh.type;
  if (other || old.nodeName === "svg") return old.replaceWith(fresh);
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.nodeName !== "TEXTAREA") morphInside(old, fresh, holds);
  if (!old.matches("input, select, textarea") || holds(old)) return;
  if (old.type === "radio" || old.type === "checkbox") old.checked = fresh.checked;
  else if (old.type !== "file" && old.value !== fresh.value) old.value = fresh.value;
}
function morphInside(old, fresh, holds) {
  const now = [...old.childNodes];
  const then = [...fresh.childNodes];
  then.forEach((node, i) => (now[i] ? morph(now[i], node, holds) : old.append(node)));
  for (const node of now.slice(then.length)) node.remove();
}

/** A number as Python's format writes it: ".2f", ".3g", "d", ".0%", ".1e". */
export function format(number, spec = "") {
  const [, digits = 6, kind] = /^(?:\.(\d+))?([a-z%]?)$/.exec(spec) ?? [];
  const places = Number(digits);
  const short = (text) => text.replace(/\.?0*(e|$)/, "$1").replace(/e([+-])(\d)$/, "e$10$2");
  if (kind === "d") return String(Math.round(number));
  if (kind === "%") return `${(100 * number).toFixed(places)}%`;
  if (kind === "e") return number.toExponential(places).replace(/e([+-])(\d)$/, "e$10$2");
  if (kind === "f") return number.toFixed(places);
  if (kind !== "g" || number === 0) return String(number);
  const scientific = number.toExponential(Math.max(places - 1, 0));
  const power = Number(scientific.split("e")[1]);
  return power < -4 || power >= places ? short(scientific) : String(Number(number.toPrecision(places)));
}

function readout(field) {
  if (field.type !== "range") return;
  const control = field.closest("[data-ce]");
  const about = { ...control.dataset, ...field.dataset };
  const number = about.base ? Number(about.base) ** Number(field.value) : Number(field.value);
  const text = about.labels ? JSON.parse(about.labels)[number] : format(number, about.format);
  field.setAttribute("aria-valuetext", text);
  const output = control.querySelector("output");
  if (output && output.textContent !== text) output.textContent = text;
}

// ------------------------------------------------------------------ controls
const FIELDS = "input, select, textarea";
const isText = (field) => field.matches("textarea, input:not([type=range], [type=radio], [type=checkbox], [type=file])");
const within = (node, selector) => (node?.matches(selector) ? node : node?.querySelector(selector));
const place = (node) => node.closest("[data-ce]")?.dataset.ce;

function valueOf(field) {
  if (field.getAttribute("aria-pressed")) return field.getAttribute("aria-pressed") === "true";
  if (field.type === "checkbox") return field.checked;
  const radio = field.type === "radio";
  const chosen = radio ? field.closest("[data-ce]").querySelector(":checked") : field;
  if (radio || field.nodeName === "SELECT") return chosen?.value ? Number(chosen.value) : null;
  return field.type === "range" ? Number(field.value) : field.value;
}
function put(field, value) {
  if (field.hasAttribute("aria-pressed")) field.setAttribute("aria-pressed", value);
  else if (field.type === "checkbox") field.checked = value;
  else if (field.type === "radio")
    for (const one of $$("input", field.closest("[data-ce]"))) one.checked = one.value === String(value);
  else if (field.type !== "file" && field.value !== String(value ?? "")) field.value = value ?? "";
  readout(field);
}
/** What the browser remembers of an earlier visit goes, but for what was typed; true if there is such. */
function remembered(field) {
  if (isText(field)) return field.value !== field.defaultValue;
  if (field.type === "range") field.value = field.defaultValue;
  else if (field.nodeName === "SELECT") for (const one of field.options) one.selected = one.defaultSelected;
  else field.checked = field.defaultChecked;
  return false;
}

async function encoded(file) {
  let text = "";
  for (const byte of new Uint8Array(await file.arrayBuffer())) text += String.fromCharCode(byte);
  return { name: file.name, content: btoa(text) };
}

// ------------------------------------------------------------------ one living thing
class Root {
  constructor(element) {
    Object.assign(this, { element, id: element.id, queue: [], typed: new Map(), touched: 0, wanted: false, opened: false });
    this.explorer = Boolean(element.querySelector(".ce-explorer"));
    this.enough = "framesEager" in element.dataset; // its frames show every state: Python may wait
    this.tools = make("div", { className: "ce-tools" });
    this.status = make("p", { className: "ce-status", role: "status" });
    this.stop = make("button", { type: "button", hidden: true, onclick: again });
    this.tools.append(this.status, this.stop);
    if (this.explorer) this.tools.append(make("button", { type: "button", className: "ce-link", textContent: "Link to this", onclick: () => this.link() }));
    element.append(this.tools);
    element.classList.add("ce-on");
    this.remembered = this.fields.filter(remembered);
    this.start = new Map(this.fields.map((field) => [place(field), valueOf(field)]));
    this.fields.forEach(readout);
    this.dress();
  }
  get tree() { return this.element.querySelector("[data-ce]"); }
  get fields() { return $$(`${FIELDS}, button[aria-pressed]`, this.element).filter(place); }
  get waits() { return this.wanted && (!this.opened || this.queue.some((event) => !event.lazy)); }
  at(path) { return this.element.querySelector(`[data-ce="${path}"]`); }
  field(path) { return within(this.at(path), `${FIELDS}, button`); }
  dress() {
    for (const box of $$("textarea.ce-code, .ce-code textarea", this.element))
      box.title = "Tab indents; Escape, then Tab leaves the box; Ctrl+Enter checks";
  }
  offer(textContent) { Object.assign(this.stop, { textContent, hidden: false }); }
  /** Whether what stands in a field is newer than anything Python can say of it. */
  holds = (field) => field === dragged || this.queue.some((event) => event.path === place(field) && "value" in event);

  /** The field of an explorer's control. */
  named(name) { return within(this.element.querySelector(`[data-name="${CSS.escape(name)}"]`), FIELDS); }

  // -- what the reader does
  want() {
    this.wanted ||= python.state !== "failed";
    boot();
    pump();
    if (python.state !== "ready") tellAll();
  }
  note(field, { value = valueOf(field), lazy = false } = {}) {
    this.take([[field, value]], lazy);
  }
  /** Queue the values of fields, and show the frame that they have. */
  take(pairs, lazy = false) {
    const events = pairs.map(([field, value]) => ({ path: place(field), value, lazy }));
    for (const event of events) {
      this.typed.set(event.path, event.value);
      const click = this.queue.findLastIndex((one) => one.click);
      const same = this.queue.findIndex((one, i) => i > click && one.path === event.path);
      if (same >= 0) this.queue.splice(same, 1);
      this.queue.push(event);
    }
    const framed = this.frames?.axes.some((axis) => events.some((event) => event.path === axis.path));
    const shown = framed ? this.flip() : this.frames === null && this.enough; // or soon will be
    if (framed || shown) for (const event of events) event.lazy = shown && (this.opened || this.enough);
    this.begin();
  }
  press(button) {
    if (this.opened || !this.frames || !button.dataset.sets) {
      this.queue.push({ path: place(button), click: true });
      return this.begin();
    }
    const pairs = Object.entries(JSON.parse(button.dataset.sets)).map(([name, value]) => [this.named(name), value]);
    for (const [field, value] of pairs) put(field, value);
    this.take(pairs);
  }
  begin() {
    this.touched = performance.now();
    if (this.queue.some((event) => !event.lazy)) this.want();
  }

  // -- what Python answers
  async turn() {
    const first = !this.opened;
    const { make, imports } = this.element.dataset;
    const events = first ? [] : this.queue.splice(0).map(({ lazy, ...event }) => event);
    const request = first ? { op: "open", make, imports } : { op: "set", events };
    const answer = await exchange({ ...request, root: this.id }, this);
    if (answer.html !== undefined) {
      morph(this.tree, parse(answer.html).firstElementChild, this.holds);
      this.fields.forEach(readout); // of those that hold
      this.opened = true;
      this.element.dataset.open = "";
      performance.mark(`ce-open-${this.id}`);
      this.queue = this.queue.filter((event) => this.at(event.path));
    }
    for (const change of answer.changes ?? []) this.change(change);
    if (first || answer.changes?.some((change) => "html" in change)) this.dress();
    this.behind = null; // whatever lies there now
    if (this.frames && this.queue.some((event) => event.lazy)) this.flip();
    say(this, answer.error ?? "", Boolean(answer.error));
    if (first && answer.html === undefined) this.wanted = false; // it would fail again
    for (const { name, text } of answer.downloads ?? []) this.save(name, text);
  }
  change({ path, ...to }) {
    const node = this.at(path);
    if (!node) return;
    if ("inner" in to) morphInside(node, parse(to.inner), this.holds);
    if ("html" in to) morph(node, parse(to.html).firstElementChild, this.holds);
    const field = this.field(path);
    if ("disabled" in to) for (const one of $$(`${FIELDS}, button`, node).concat(field)) one.disabled = to.disabled;
    if ("label" in to) (field.nodeName === "BUTTON" ? field : node.querySelector(".ce-label")).textContent = to.label;
    if ("title" in to) field.title = to.title;
    if (!("value" in to) || this.holds(field)) return;
    put(field, to.value);
    this.typed.set(path, to.value);
  }
  save(name, text) {
    this.tools.querySelector(`a[download="${CSS.escape(name)}"]`)?.remove();
    const href = URL.createObjectURL(new Blob([text]));
    this.tools.append(make("a", { href, download: name, textContent: `Save ${name}` }));
  }
  /** Another tab or file has changed the learner's progress: show it where nothing is being typed. */
  reopen() {
    if (this.explorer || !this.opened) return;
    if (this.typed.size) return say(this, "Your progress was changed elsewhere. What you typed stands.");
    this.opened = false;
    pump();
  }
  /** Python is gone: what was typed is to be sent when it is there again; clicks are not. */
  close() {
    this.stop.hidden = true;
    if (this.opened) this.queue = [...this.typed].map(([path, value]) => ({ path, value }));
    this.opened = false;
    delete this.element.dataset.open;
  }

  // -- frames: pictures drawn when the site was built
  async fetchFrames() {
    if (this.frames !== undefined) return;
    this.frames = null;
    const answer = await fetch(this.element.dataset.frames).catch(() => null);
    if (answer?.ok) this.frames = await new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).json();
    const shown = this.frames && !this.opened && this.flip();
    if (!this.enough || shown) return;
    this.enough = false; // Python will draw it
    for (const event of this.queue) event.lazy = false;
    this.want();
  }
  /** Show the frame of the controls' state where one holds for it; true if it holds exactly. */
  flip() {
    const { axes, scenery, frames } = this.frames;
    const own = new Set(axes.map((axis) => axis.path));
    for (const field of this.fields) if (!own.has(place(field)) && valueOf(field) !== this.start.get(place(field))) return false;
    let index = 0;
    let exact = true;
    for (const { path, values } of axes) {
      const value = valueOf(this.field(path));
      const far = values.map((one) => (one === value ? 0 : Math.abs(one - value)));
      const near = far.indexOf(Math.min(...far));
      exact &&= far[near] < 1e-9;
      index = index * values.length + near;
    }
    const [behind, inner] = frames[index];
    const moving = this.element.querySelector(".ce-moving");
    const back = moving?.previousElementSibling;
    if (!moving || (!exact && this.opened)) return false;
    if (back && this.behind !== behind) back.innerHTML = scenery[behind];
    this.behind = behind;
    morphInside(moving, parse(inner), this.holds);
    return exact;
  }

  // -- links to a state
  link() {
    const state = new URLSearchParams({ explorer: this.id });
    for (const { dataset } of $$("[data-name]", this.element)) {
      const field = this.named(dataset.name);
      if (field && field.type !== "file") state.set(dataset.name, words(field)[valueOf(field)] ?? valueOf(field));
    }
    history.replaceState(null, "", `#${state}`);
    const copied = navigator.clipboard?.writeText(location.href) ?? Promise.reject();
    copied.then(() => say(this, "Copied"), () => say(this, "The address of this page is now the link."));
  }
  follow(state) {
    for (const [name, text] of state) {
      const field = this.named(name);
      if (!field || field.type === "file") continue;
      const named = words(field).indexOf(text);
      const number = named >= 0 ? named : Number(text);
      const value = field.type === "checkbox" ? text === "true" : isText(field) ? text : number;
      if (Number.isNaN(value)) continue;
      put(field, value);
      this.note(field);
    }
    for (let at = this.element; (at = at.parentElement.closest("details")); ) at.open = true; // it may answer a prediction
    this.element.scrollIntoView({ block: "start" });
    if (!this.enough) this.want();
  }
}

/** The labels of a control's options, in their order; none for a number or a text. */
const words = (field) => {
  if (field.nodeName === "SELECT") return [...field.options].map((option) => option.textContent);
  if (field.type === "radio") return $$("label", field.closest("[data-ce]")).map((label) => label.textContent.trim());
  return JSON.parse(field.closest("[data-ce]").dataset.labels ?? field.dataset.labels ?? "[]");
};

function followLink() {
  const { explorer, ...state } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  roots.find((one) => one.id === explorer)?.follow(Object.entries(state));
}

// ------------------------------------------------------------------ events of the page
let dragged = null;
const rootOf = (node) => roots.find((root) => place(node) && root.element.contains(node));

function onInput({ target: field }) {
  const root = rootOf(field);
  if (!root || field.type === "file") return;
  readout(field);
  root.note(field, { lazy: "late" in field.dataset });
}
async function onChange({ target: field }) {
  const root = rootOf(field);
  if (!root || !(isText(field) || field.type === "file")) return;
  root.note(field, { value: field.type === "file" ? await Promise.all([...field.files].map(encoded)) : field.value });
}
function onClick({ target }) {
  const button = target.closest("button");
  const root = button && rootOf(button);
  if (!root || button.disabled) return;
  if (!button.hasAttribute("aria-pressed")) return root.press(button);
  put(button, !valueOf(button));
  root.note(button);
}

let leaving = null; // the code box in which Escape was pressed last
function onKey(event) {
  const { target: field, key } = event;
  const root = rootOf(field);
  if (!root || !isText(field) || event.isComposing) return;
  const code = field.closest(".ce-code");
  const form = field.nodeName === "INPUT" ? field.closest(".ce-enter") : null;
  if (key === "Enter" && (event.ctrlKey || event.metaKey || form)) {
    event.preventDefault();
    root.note(field);
    (form ?? root.tree).querySelector("button:not(:disabled)")?.click();
  } else if (code && key === "Tab" && !event.shiftKey && leaving !== field) {
    event.preventDefault();
    document.execCommand("insertText", false, "    "); // so that it can be undone
  }
  if (key !== "Shift") leaving = code && key === "Escape" ? field : null;
}

// ------------------------------------------------------------------ the learner's progress
const SAFARI = "It is kept in this browser alone. Safari forgets a site after seven days without a visit: export it.";

function fillProgress(box) {
  const button = (textContent, act) => make("button", { type: "button", textContent, onclick: act });
  const table = make("div", { className: "ce-table", innerHTML: box.innerHTML });
  const nothing = box.innerHTML;
  const file = make("input", { type: "file", accept: ".json,application/json", hidden: true, ariaLabel: `Import ${KEY}` });
  const row = make("div", { className: "ce-hbox" });
  const told = make("p", { className: "ce-status", role: "status" });
  const show = button("Show my progress", async () => {
    if (python.state !== "ready") told.textContent = "Starting Python …";
    const answer = await ask({ op: "progress" });
    table.innerHTML = answer.html ?? "";
    told.textContent = answer.error ?? "";
  });
  const save = button(`Export ${KEY}`, () => {
    make("a", { href: URL.createObjectURL(new Blob([store.get()])), download: KEY }).click();
  });
  const undo = button("Undo the import", () => {
    swap(store.get(BEFORE) || null, null);
    told.textContent = "What was here before is back.";
  });
  file.onchange = async () => {
    told.textContent = "Python reads the file …";
    told.textContent = await readFile(await file.files[0].text());
    file.value = "";
  };
  row.append(show, save, button("Import …", () => file.click()), undo, file);
  box.replaceChildren(make("p", { textContent: SAFARI }), row, told, table);
  box.refresh = () => {
    show.hidden = save.hidden = !store.get();
    undo.hidden = store.get(BEFORE) === null;
    if (!store.get()) table.innerHTML = nothing;
  };
  box.refresh();
}
const showProgress = () => $$(".ce-progress").forEach((box) => box.refresh?.());

/** Put another file in place of the learner's, and keep the old one if it may be wanted again. */
function swap(text, before) {
  store.set(text);
  store.set(before, BEFORE);
  for (const root of roots) root.reopen();
}
async function readFile(text) {
  const old = store.get();
  if (old && !confirm("Replace the progress kept here with the file's? It can be undone.")) return "Nothing was changed.";
  const answer = await ask({ op: "import", text });
  if (!answer.error) swap(store.get(), old ?? "");
  return answer.error ? `Not imported. ${answer.error}` : "Imported.";
}

// ------------------------------------------------------------------ offline
/** Settled when the service worker answers for this page, or is not to be waited for. */
const kept = (async () => {
  if (!SITE || !navigator.serviceWorker || !(location.protocol === "https:" || location.hostname === "localhost")) return;
  const late = new Promise((done) => setTimeout(done, 1_500));
  const controlled = new Promise((done) => {
    if (navigator.serviceWorker.controller) done();
    navigator.serviceWorker.oncontrollerchange = () => {
      const fetched = performance.getEntriesByType("resource").map((entry) => entry.name);
      navigator.serviceWorker.controller?.postMessage({ keep: [location.href, ...fetched] });
      done();
    };
  });
  const registered = navigator.serviceWorker.register(url("sw.js")).catch(() => late);
  await Promise.race([registered.then(() => controlled), late]);
})();

// ------------------------------------------------------------------ begin
const roots = SITE ? $$(".ce-alive").map((element) => new Root(element)) : [];

function begin() {
  document.body.append(announcer);
  unfold();
  $$(".ce-progress").forEach(fillProgress);
  const acts = { input: onInput, change: onChange, click: onClick, keydown: onKey };
  for (const [name, act] of Object.entries(acts)) document.addEventListener(name, act);
  document.addEventListener("pointerdown", ({ target }) => (dragged = target.type === "range" ? target : null));
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => (dragged = null));
  addEventListener("hashchange", followLink);
  addEventListener("storage", ({ key }) => {
    if (key !== KEY && key !== null) return;
    showProgress();
    for (const root of roots) root.reopen();
  });
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
        const root = roots.find((one) => one.element === target);
        near.unobserve(target);
        if (target.dataset.frames) root.fetchFrames();
        if (!navigator.connection?.saveData && !root.enough) root.want();
      }
    },
    { rootMargin: "600px" },
  );
  for (const root of roots) {
    near.observe(root.element);
    if ("framesEager" in root.element.dataset) root.fetchFrames();
    for (const field of root.remembered) root.note(field, { lazy: true });
  }
  followLink();
}
if (SITE) begin();

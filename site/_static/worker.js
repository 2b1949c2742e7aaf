// The Python of a page: Pyodide in a worker, with NumPy and the course; it answers `page.handle`.
// In: {site, folder, ahead} once, then {id, request}. Out: {step}, {bytes}, {ready}, {id, answer}.
const times = { begun: performance.now() };
const DIRECT = ["numpy"]; // what the course itself needs; an answer says what else is missing
const HOME = { HOME: "/home/pyodide", CEHELPERS_STORE: "/tmp/my_course.json" };
let python = null;
let handle = null;
let kept = null; // where bytecode is to be kept

const tell = (message) => self.postMessage(message);

function countDownloads() {
  let bytes = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) bytes += entry.encodedBodySize;
    tell({ bytes });
  }).observe({ type: "resource", buffered: true });
}

async function load(names) {
  const failures = [];
  await python.loadPackage(names, {
    messageCallback: () => {},
    errorCallback: (text) => failures.push(text),
  });
  const absent = names.filter((name) => !(name in python.loadedPackages));
  if (absent.length) throw new Error([`${absent} cannot be loaded.`, ...failures].join(" "));
}

async function start({ site, ahead }) {
  countDownloads();
  tell({ step: "downloading" });
  const [{ loadPyodide }, text] = await Promise.all([
    import(site.pyodide + "pyodide.mjs"),
    fetch(site.lock).then((answer) => answer.text()),
  ]);
  const lock = JSON.parse(text);
  kept = await openKept(text);
  const bytecode = await kept?.cache.match(kept.url);
  lock.packages.cehelpers.depends = DIRECT;
  const names = [...DIRECT, "cehelpers", ...ahead];
  python = await loadPyodide({
    indexURL: site.pyodide,
    lockFileContents: lock,
    packageBaseUrl: site.lock.replace(/[^/]*$/, ""),
    packages: names,
    stdout: () => {},
    stderr: () => {},
    env: { ...HOME, MPLBACKEND: "agg", MPLCONFIGDIR: "/tmp/matplotlib" },
  });
  times.core = performance.now();
  await load(names);
  tell({ step: "starting" });
  if (bytecode) {
    kept = null;
    python.unpackArchive(await bytecode.arrayBuffer(), "zip", { extractDir: "/" });
  }
  handle = python.runPython(PREPARE);
  times.ready = performance.now();
  tell({ ready: { core: times.core - times.begun, python: times.ready - times.begun } });
}

// No explorer draws in three dimensions, and nobody tests a parser here.
const PREPARE = `
import sys, types, warnings
warnings.simplefilter("ignore")
sys.dont_write_bytecode = False
sys.modules["mpl_toolkits.mplot3d"] = None
sys.modules["pyparsing.testing"] = types.SimpleNamespace(pyparsing_test=None)
from cecourse import page
page.main
`;

// Compiling sources costs more than all else: bytecode is kept for the next visit, once there is
// much of it. Flag 1 in its header says that it need not be held against its source.
const BYTECODE = `
import io, pathlib, sys, zipfile
made = [
    (file, file.read_bytes())
    for file in pathlib.Path(sys.prefix, "lib").rglob("__pycache__/*.pyc")
]
page = io.BytesIO()
with zipfile.ZipFile(page, "w", zipfile.ZIP_STORED) as archive:
    for file, code in made:
        archive.writestr(str(file).lstrip("/"), code[:4] + b"\\1\\0\\0\\0" + code[8:])
page.getvalue()
`;

async function openKept(text) {
  if (!self.caches || !crypto.subtle) return null;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const name = [...new Uint8Array(digest).slice(0, 8)].map((byte) => byte.toString(16)).join("-");
  const cache = await caches.open("bytecode");
  return { cache, url: new URL(`bytecode-${name}.zip`, self.location.href).href };
}

async function keepBytecode() {
  if (!kept || !python.loadedPackages.matplotlib) return;
  const { cache, url } = kept;
  kept = null;
  const bytes = python.runPython(BYTECODE).toJs();
  for (const old of await cache.keys()) await cache.delete(old);
  await cache.put(url, new Response(bytes));
}

async function ask(request) {
  const tried = new Set();
  for (;;) {
    const answer = JSON.parse(handle(JSON.stringify(request)));
    if (!answer.missing || tried.has(answer.missing)) return answer;
    tried.add(answer.missing);
    tell({ step: "loading", name: answer.missing });
    await load([answer.missing]);
    tell({ step: "drawing" });
  }
}

let line = Promise.resolve(); // one thing after the other
self.onmessage = ({ data }) => {
  line = line.then(async () => {
    try {
      if (data.site) await start(data);
      else {
        const begun = performance.now();
        const answer = await ask(data.request);
        tell({ id: data.id, answer, took: performance.now() - begun });
        if (kept) setTimeout(() => keepBytecode().catch(() => {}), 3_000);
      }
    } catch (error) {
      tell({ failed: String(error?.message ?? error).slice(-600), id: data.id });
    }
  });
};

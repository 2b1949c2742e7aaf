// The site without a network: whatever was fetched once is kept. It lies at the site's root, which
// is its scope. Files whose address changes with their content come from the cache; others too,
// and are fetched anew for the next time; pages come from the network, if there is one.
const CACHE = "course-1";
const KEPT = /[?&]v=[\w.-]+|\.whl$|\/v[\d.]+\/|[.-][0-9a-f]{8,}\./;
const LAB = "lab/"; // the lab has a service worker of its own …
const SHARED = "lab/static/pyodide/"; // … but its Python is the pages' too

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("course-") && name !== CACHE;
  const clean = async () => {
    for (const name of await caches.keys()) if (old(name)) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(clean());
});

async function keep(cache, request, answer) {
  await cache.put(request, answer);
  // another version of the same file is of no use any more
  for (const old of await cache.keys(request, { ignoreSearch: true })) {
    if (old.url !== request.url) await cache.delete(old);
  }
}

/** Fetch, and keep a copy without making the page wait for it. */
async function fetched(event, cache, request) {
  const answer = await fetch(request);
  if (answer.status === 200 && ["basic", "cors"].includes(answer.type)) {
    event.waitUntil(keep(cache, request, answer.clone()).catch(() => {})); // there may be no room
  }
  return answer;
}

async function answered(event, way) {
  const { request } = event;
  const cache = await caches.open(CACHE);
  const found = await cache.match(request, { ignoreSearch: request.mode === "navigate" });
  if (found && way === "cache") return found;
  const fresh = fetched(event, cache, request);
  if (!found) return fresh;
  if (way === "network") return fresh.catch(() => found);
  event.waitUntil(fresh.catch(() => {}));
  return found;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const root = self.registration.scope;
  const path = request.url.startsWith(root) ? request.url.slice(root.length) : null;
  const released = /\/pyodide\/v[\d.]+\//.test(request.url); // Pyodide's public address
  if (request.method !== "GET" || request.headers.has("range")) return;
  if (path === null ? !released : path.startsWith(LAB) && !path.startsWith(SHARED)) return;
  // Python's core and its lock are one release: never half of it from the cache
  const first = request.mode === "navigate" || /^(.*worker\.js$|lab\/)/.test(path ?? "");
  const way = KEPT.test(request.url) ? "cache" : first ? "network" : "meanwhile";
  event.respondWith(answered(event, way));
});

// What a page had fetched before this worker was there.
self.addEventListener("message", (event) => {
  const root = self.registration.scope;
  const urls = event.data.keep.map((url) => url.split("#")[0]);
  const own = urls.filter((url) => url.startsWith(root) && !url.startsWith(root + LAB));
  const all = caches.open(CACHE).then((cache) =>
    Promise.all(own.map(async (url) => (await cache.match(url)) ?? fetched(event, cache, new Request(url)))),
  );
  event.waitUntil(all.catch(() => {}));
});

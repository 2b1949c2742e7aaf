// The search of the book: by section, headings and terms first, for questions in plain words.
const STOP = new Set(
  ("a an and are as at be but by can do does for from has have how i if in into is it its me my no " +
    "not of on or should so than that the their then there this to was what when where which who " +
    "why will with would you your").split(" "),
);
const SHORT = { kl: "kullback leibler", ece: "expected calibration error", nll: "negative log likelihood" };
const LIMIT = 20;

// "weights", "weighted" and "weighting" are one word; a number stays as it is.
function stem(word) {
  const bare = word.replace(/(?:ies|ied)$/, "y").replace(/(?:ation|ated|ate|ing|ed|es|s|e|y)$/, "");
  return bare.length > 2 ? bare : word;
}

function wordsOf(text) {
  const plain = text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

const stems = (text) => wordsOf(text).map(stem);

function prepare(section) {
  const text = stems(section.text);
  const counts = new Map();
  for (const word of text) counts.set(word, (counts.get(word) ?? 0) + 1);
  return {
    ...section,
    counts,
    length: text.length,
    flow: ` ${text.join(" ")} `,
    heading: stems(section.title),
    top: new Set(stems(section.page)),
    defined: section.terms.map(stems),
  };
}

function ranked(sections, query) {
  const all = wordsOf(query).flatMap((word) => (SHORT[word] ?? word).split(" "));
  const kept = all.filter((word) => !STOP.has(word));
  const asked = [...new Set((kept.length ? kept : all).map(stem))];
  const holds = (section, word) =>
    section.counts.has(word) || section.heading.includes(word) || section.defined.flat().includes(word);
  const rare = new Map(
    asked.map((word) => {
      const among = sections.filter((section) => holds(section, word)).length;
      return [word, Math.log(1 + sections.length / (among + 1))];
    }),
  );
  const phrase = asked.join(" ");
  const found = [];
  for (const section of sections) {
    let score = 0;
    for (const word of asked) {
      const often = section.counts.get(word) ?? 0;
      let worth = (2 * often) / (often + 1 + section.length / 400);
      if (!often && word.length > 3 && section.flow.includes(` ${word}`)) worth = 0.5;
      if (section.heading.includes(word)) worth += 3;
      if (section.top.has(word)) worth += 1.5;
      if (section.defined.some((term) => term.includes(word))) worth += 1.5;
      score += worth * rare.get(word);
    }
    if (!score) continue;
    if (section.defined.some((term) => term.join(" ") === phrase)) score *= 1.6;
    if (asked.length > 1 && section.heading.join(" ").includes(phrase)) score *= 1.5;
    else if (asked.length > 1 && section.flow.includes(` ${phrase} `)) score *= 1.2;
    if (query.includes(".") && section.title === query) score *= 4; // a function's full name
    found.push({ section, score });
  }
  found.sort((one, other) => other.score - one.score);
  return { asked, found: found.slice(0, LIMIT) };
}

// The stretch of a section with most of the words, each of them marked.
function line(text, asked) {
  const parts = text.split(/(\s+)/);
  const hit = parts.map((part) => stems(part).some((word) => asked.includes(word)));
  let best = 0;
  let most = -1;
  for (let start = 0; start < parts.length; start += 2) {
    const stretch = parts.slice(start, start + 60).filter((_, i) => hit[start + i]);
    const kinds = 10 * new Set(stretch.flatMap(stems)).size + stretch.length;
    if (hit[start] && kinds > most) [best, most] = [start, kinds];
  }
  const start = Math.max(0, best - 12);
  const shown = document.createElement("p");
  if (start) shown.append("… ");
  parts.slice(start, start + 76).forEach((part, i) => {
    if (!hit[start + i]) return shown.append(part);
    const mark = document.createElement("mark");
    mark.textContent = part;
    shown.append(mark);
  });
  if (start + 76 < parts.length) shown.append(" …");
  return shown;
}

async function search(query) {
  const box = document.getElementById("search-results");
  const answer = await fetch(new URL("search.json", import.meta.url));
  const { asked, found } = ranked((await answer.json()).map(prepare), query);
  const says = document.createElement("p");
  says.className = "search-summary";
  says.setAttribute("role", "status");
  says.textContent = found.length
    ? `“${query}”: the ${found.length === 1 ? "section" : `${found.length} sections`} that fit best`
    : `Nothing about “${query}” was found. Fewer or other words may help.`;
  const list = document.createElement("ol");
  for (const { section } of found) {
    const link = document.createElement("a");
    link.href = section.href;
    link.textContent = section.title;
    const page = document.createElement("span");
    page.textContent = section.page === section.title ? "" : section.page;
    const item = document.createElement("li");
    item.append(link, page, line(section.text, asked));
    list.append(item);
  }
  box.replaceChildren(says, list);
}

const query = new URLSearchParams(location.search).get("q")?.trim();
if (query) {
  for (const field of document.querySelectorAll("form.bd-search input")) field.value = query;
  search(query);
}

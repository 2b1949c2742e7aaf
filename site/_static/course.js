const here = document.currentScript.src;

// A button on each cell of code that copies it.
document.addEventListener("DOMContentLoaded", () => {
  if (!navigator.clipboard) return;
  for (const box of document.querySelectorAll(".cell_input .highlight")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "course-copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(box.querySelector("pre").textContent.trimEnd());
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    box.append(button);
  }
});

// A picture shows its dark twin where the page is dark, whatever the system prefers.
const pictures = () => {
  const media = document.documentElement.dataset.theme === "dark" ? "all" : "not all";
  for (const twin of document.querySelectorAll("source.night")) twin.media = media;
};
pictures();
new MutationObserver(pictures).observe(document.documentElement, {
  attributeFilter: ["data-theme"],
});

// On a phone a picture is small: a tap shows it as large as on paper, in a frame that scrolls.
for (const picture of document.querySelectorAll("figure.course-figure, .ce-alive:has(.ce-grid)")) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "course-enlarge", textContent: "Enlarge the picture" });
  const turn = () => button.setAttribute("aria-pressed", picture.classList.toggle("enlarged"));
  button.addEventListener("click", turn);
  button.setAttribute("aria-pressed", "false");
  picture.append(button);
  picture.addEventListener("click", ({ target }) => target.closest("img, svg") && getComputedStyle(button).display !== "none" && turn());
}

// A formula that is wider than its column can be scrolled with the keyboard.
const formulas = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const formula of document.querySelectorAll("div.math")) formulas.observe(formula);

// A term that an earlier notebook defines: its sentence on a card, by pointer, key or tap.
const terms = [...document.querySelectorAll("a.concept")];
if (terms.length) {
  const card = document.createElement("div");
  card.className = "concept-card";
  card.id = "concept-card";
  card.hidden = true;
  document.body.append(card);
  let cards;
  let shown;
  let leaving;
  const hide = () => {
    card.hidden = true;
    shown?.removeAttribute("aria-describedby");
    shown = undefined;
  };
  const show = async (term) => {
    clearTimeout(leaving);
    if (term === shown) return;
    shown = term;
    cards ??= fetch(new URL("concepts.json", here)).then((a) =>
      a.json(),
    );
    const { term: name, says, href, where } = (await cards)[term.dataset.concept];
    if (term !== shown) return;
    card.innerHTML = `<strong></strong><p>${says}</p><a tabindex="-1"></a>`;
    card.querySelector("strong").textContent = name;
    Object.assign(card.querySelector("a:last-child"), { href, textContent: where });
    card.hidden = false;
    term.setAttribute("aria-describedby", card.id);
    const at = term.getBoundingClientRect();
    const left = Math.min(at.left, document.documentElement.clientWidth - card.offsetWidth - 12);
    const below = at.bottom + card.offsetHeight + 12 < innerHeight;
    card.style.left = `${Math.max(12, left) + scrollX}px`;
    card.style.top = `${(below ? at.bottom + 4 : at.top - card.offsetHeight - 4) + scrollY}px`;
  };
  const leave = () => (leaving = setTimeout(hide, 250));
  for (const term of terms) {
    term.addEventListener("pointerenter", (e) => e.pointerType === "mouse" && show(term));
    term.addEventListener("pointerleave", (e) => e.pointerType === "mouse" && leave());
    term.addEventListener("focus", () => term.matches(":focus-visible") && show(term));
    term.addEventListener("blur", leave);
    term.addEventListener("click", (event) => {
      if (event.pointerType !== "touch" || term === shown) return;
      event.preventDefault(); // the first tap shows the card, which leads on
      show(term);
    });
  }
  card.addEventListener("pointerenter", () => clearTimeout(leaving));
  card.addEventListener("pointerleave", leave);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("click", (event) => {
    if (!event.target.closest("a.concept, .concept-card")) hide();
  });
}

// Set the formulas, fit every slide by measuring it, then hand the page to reveal.js.

// A slide that has too much is set a little closer; where that is not enough, the rest goes on to a
// new slide below, a long list or table between two of its rows.
function fit(section) {
  const body = section.querySelector('.body');
  const pieces = [...body.children];
  if (section.matches('.title, .close, .divider')) return;
  if (section.matches('.pictured')) {
    const picture = body.querySelector('img'), figure = picture.closest('.piece');
    // laid out for slides it has twice the pixels of the room that it needs
    const needs = picture.dataset.type ? 0.49 * picture.getAttribute('height') : 0;
    let kept = pieces.length;
    while (pieces[kept - 1] !== figure && figure.getBoundingClientRect().height < needs)
      pieces[--kept].hidden = true;
    if (kept < pieces.length) goOn(section, pieces, kept);
    return;
  }
  const style = getComputedStyle(body); // of each moment: a dense body has less padding
  const room = () =>
    body.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
  const end = part => part.getBoundingClientRect().bottom - pieces[0].getBoundingClientRect().top;
  const used = () => end(pieces.at(-1));
  const fits = () => used() <= room();
  const whole = section.matches('.exercise, .predict'); // a question and its answers in one piece
  if (section.matches('.content') && used() < 0.55 * room()) {
    body.classList.add('large');
    if (!fits()) body.classList.remove('large');
  }
  if (fits()) return;
  if (whole || used() <= 1.2 * room()) {
    body.classList.add('dense');
    if (fits()) return;
    if (!whole) body.classList.remove('dense');
  }
  let kept = pieces.findIndex(piece => end(piece) > room());
  if (kept > 0) {
    // what a cell prints stays with the cell, and a question in one piece
    const together = {output: 'code', question: 'question'};
    const tied = k => pieces[k - 1].matches(`.${together[pieces[k].classList[1]]}`);
    while (kept > 1 && tied(kept)) kept -= 1;
  } else {
    kept = 1;
    const rows = part => [...part.querySelectorAll('tbody tr, li')];
    const share = used() / Math.ceil(used() / room()); // parts of about equal height
    const middle = row => end(row) - row.getBoundingClientRect().height / 2;
    const count = rows(pieces[0]).findIndex(row => end(row) > room() || middle(row) > share);
    if (count < 1) return;
    const more = pieces[0].cloneNode(true); // for the one that goes below
    const list = more.querySelector('ol');
    if (list) list.start += count;
    for (const row of rows(more).slice(0, count)) row.remove();
    for (const row of rows(pieces[0]).slice(count)) row.remove();
    pieces[0].after(more);
    pieces.splice(1, 0, more);
  }
  goOn(section, pieces, kept);
}

// What is not kept goes on a new slide below.
function goOn(section, pieces, kept) {
  const next = section.cloneNode(true), rest = next.querySelector('.body');
  next.classList.remove('pictured');
  rest.classList.remove('dense');
  delete next.dataset.prediction; // the room votes on the first of the two
  const seconds = Number(section.dataset.timing);
  next.dataset.timing = Math.floor(seconds / 2);
  section.dataset.timing = Math.ceil(seconds / 2);
  for (const piece of pieces.slice(kept)) piece.remove();
  for (const piece of [...rest.children].slice(0, kept)) piece.remove();
  for (const piece of rest.children) piece.hidden = false;
  rest.firstElementChild.classList.remove('fragment');
  section.after(next);
  fit(next);
}

// A formula wider than its slide is set smaller.
function narrow(formula) {
  const width = () => formula.querySelector('svg')?.getBoundingClientRect().width ?? 0;
  for (let size = 40; size > 22 && width() > 1140; size -= 2) formula.style.fontSize = `${size}px`;
}

window.addEventListener('DOMContentLoaded', async () => {
  const page = document.documentElement;
  // formulas first, while every slide is laid out and can be measured
  try { await MathJax.startup.promise; } catch (error) { console.error(error); }
  // the speaker's window has no style for the twins of the formulas made for screen readers
  for (const twin of document.querySelectorAll('aside.notes mjx-assistive-mml')) twin.remove();
  document.querySelectorAll('.formula').forEach(narrow);
  document.querySelectorAll('.slides section:has(> .frame)').forEach(fit);
  page.classList.add('typeset');
  const deck = new Reveal(document.querySelector('.reveal'), {
    width: 1280, height: 720, margin: 0, minScale: 0.1, maxScale: 4,
    center: false, hash: true, slideNumber: 'c/t', controls: false, progress: true,
    navigationMode: 'linear', transition: 'none', backgroundTransition: 'none',
    pdfSeparateFragments: false, pdfMaxPagesPerSlide: 1,
    defaultTiming: 60, plugins: [RevealNotes],
  });
  window.Reveal = deck;
  const printing = /print-pdf|view=print/.test(location.search);
  deck.on(printing ? 'pdf-ready' : 'ready', () => page.classList.add('ready'));
  deck.initialize();
});

// Fit a page to its paper, and return what would still be cut off.
() => {
  const found = [];
  const box = part => part.getBoundingClientRect();
  // the sheets of the cheat sheet in the largest type, the same on each, for which they have room
  const sheets = [...document.querySelectorAll('.sheet')];
  const end = sheet => box(sheet.querySelector('footer')).top - 8;
  const cards = sheet => [...sheet.querySelectorAll('.card')];
  const fits = sheet => cards(sheet).every(card => box(card).bottom < end(sheet));
  for (let size = 11.2; size >= 7.5 && sheets.length; size -= 0.1) {
    document.body.style.fontSize = `${size}pt`;
    if (sheets.every(fits)) break;
  }
  // a handout: as many questions as fit in type that can be read, then lines to fill the side
  const sides = [...document.querySelectorAll('.side')];
  const full = side => {
    const parts = [...side.children].filter(part => part.tagName !== 'FOOTER');
    return box(parts.at(-1)).bottom > box(side.querySelector('footer')).top - 6;
  };
  // the shorter column of tasks gets more lines to write on, in turn, until it is as long
  const even = side => {
    const tasks = [...side.querySelectorAll('.task')];
    const edge = Math.min(...tasks.map(task => box(task).left)) + 1;
    const end = column => Math.max(...column.map(task => box(task).bottom));
    const columns = () => [tasks.filter(task => box(task).left < edge),
                           tasks.filter(task => box(task).left >= edge)];
    const [first, second] = columns();
    if (!second.length) return;
    const [short, goal] = end(first) < end(second) ? [first, end(second)] : [second, end(first)];
    for (let k = 0; ; k++) {
      const line = document.createElement('i');
      short[k % short.length].querySelector('.room').append(line);
      if (end(short) > goal + 1 || columns()[0].length !== first.length) return line.remove();
    }
  };
  for (const side of sides) {
    const notes = [...side.querySelectorAll('.notes')];
    notes.forEach(part => part.remove());
    const line = wide => side.style.setProperty('--line', `${wide}mm`);
    const smaller = t => {  // from the largest type and lines to the least
      side.style.setProperty('--type', `${10.4 - 1.8 * t}pt`);
      line(6.4 - 1.8 * t);
    };
    const shrink = () => {
      let t = 0;
      for (smaller(t); full(side) && t < 1; smaller(t)) t = Math.min(t + 0.1, 1);
      return 6.4 - 1.8 * t;
    };
    const asked = [...side.querySelectorAll('.bet, .task')];
    asked.sort((a, b) => b.dataset.rank - a.dataset.rank);
    let wide = shrink(), gone = 0;
    for (; full(side) && asked.length > 1; gone++) asked.shift().remove();
    if (gone) {
      side.querySelector('.more').append(` The notebook has ${gone} more.`);
      wide = shrink();
    }
    while (side.querySelector('.task') && !full(side) && wide < 10) line(wide += 0.2);
    if (side.querySelector('.task') && full(side)) line(wide -= 0.2);
    even(side);
    if (full(side)) found.push(`no room on a side of ${side.querySelector('footer').innerText}`);
    side.querySelector('footer').before(...notes);
    const home = side.querySelector('.home');
    const rule = () => home.appendChild(document.createElement('i'));
    while (!full(side)) rule();
    home.lastChild?.remove();
    if (notes.length && home.children.length < 2) notes.forEach(part => part.remove());
  }
  // a formula that is wider than its column is set smaller, as a compositor would
  for (const formula of document.querySelectorAll('mjx-container[display="true"]')) {
    const room = box(formula.parentElement).width;
    const wide = formula.querySelector('svg') ? box(formula.querySelector('svg')).width : 0;
    if (wide > room) formula.style.fontSize = `${Math.floor(100 * room / wide)}%`;
  }
  // what a page must not do: cut a line of code, a formula or a table at its right edge
  for (const part of document.querySelectorAll('pre, table, img, code, mjx-container > svg')) {
    if (!box(part).width) continue;
    const over = box(part).right - box(part.closest('.card, .bet, .task, main')).right;
    if (part.scrollWidth > part.clientWidth + 1 && part.tagName === 'PRE')
      found.push(`code: ${part.innerText.slice(0, 200)}`);
    if (over > 1)
      found.push(`${part.tagName}, ${Math.round(over)} px: `
                 + (part.closest('mjx-container')?.innerText || part.alt || part.innerText));
  }
  for (const sheet of sheets) {
    for (const card of cards(sheet)) {
      const below = box(card).bottom - end(sheet) - 8;
      if (below > 0 || box(card).right > box(sheet).right)
        found.push(`no room for ${card.innerText.slice(0, 40)}: ${Math.round(below)} px`);
    }
  }
  const errors = [...document.querySelectorAll('mjx-merror')].map(error => error.textContent);
  return found.concat(errors);
}

// Put into the decks while `make vote` serves them: on the slide of a prediction, what the room
// believes, once a vote is closed. A slide says which with data-prediction="03/times_as_large".
'use strict';
(() => {
  const style = document.createElement('style');
  style.textContent = `
    .room-votes { position: absolute; width: 640px; right: 44px; top: 20px; padding: 10px 16px;
      background: white; border: 2px solid var(--faint); border-radius: 8px; color: var(--dark);
      font: 22px/1.3 system-ui, sans-serif; text-align: left; }
    .room-votes p { margin: 0; }
    .room-votes div { display: grid; grid-template-columns: 34px 1fr 1fr; gap: 16px;
      align-items: center; }
    .room-votes span { position: relative; height: 30px; }
    .room-votes i { position: absolute; inset: 3px auto 3px 0; background: var(--truth); opacity: .3; }
    .room-votes em { position: relative; font-style: normal; padding-left: 8px; }
    .room-votes .right b { color: var(--good-ink); }`;
  document.head.append(style);

  function words(counts, k) {
    const all = counts.reduce((a, b) => a + b, 0);
    return [all ? counts[k] / all : 0, `${counts[k]} of ${all}`];
  }

  function draw(section, state) {
    section.querySelector('.room-votes')?.remove();
    const box = document.createElement('aside');
    box.className = 'room-votes';
    box.setAttribute('role', 'status');
    if (state.open) {
      const line = document.createElement('p');
      line.textContent = `The ${state.open === 2 ? 'second' : 'first'} vote is open: ` +
        `${state.votes[state.open - 1]} votes`;
      box.append(line);
    } else if (state.before || state.after) {
      state.options.forEach((_, k) => {
        const row = document.createElement('div'), name = document.createElement('b');
        row.className = state.right === k ? 'right' : '';
        name.textContent = 'ABCD'[k] + (state.right === k ? '✓' : '');
        row.append(name);
        for (const [when, counts] of [['before', state.before], ['after', state.after]]) {
          if (!counts) continue;
          const cell = document.createElement('span'), bar = document.createElement('i');
          const said = document.createElement('em'), [share, text] = words(counts, k);
          bar.style.width = `${100 * share}%`;
          said.textContent = `${when}: ${text}`;
          cell.append(bar, said);
          row.append(cell);
        }
        box.append(row);
      });
    } else return;
    (section.querySelector('.frame') ?? section).append(box);
  }

  async function look() {
    const section = document.querySelector('section.present[data-prediction]');
    if (section && !document.hidden) {
      const name = encodeURIComponent(section.dataset.prediction);
      try {
        const reply = await fetch(`/lecturer/state?prediction=${name}`);
        const state = reply.ok ? await reply.json() : null;
        const now = JSON.stringify(state && [state.open, state.votes, state.before, state.after, state.right]);
        if (state && section.dataset.votes !== now) {
          section.dataset.votes = now;
          draw(section, state);
        }
      } catch (error) { /* the deck goes on without the room */ }
    }
    setTimeout(look, 1000);
  }
  look();
})();

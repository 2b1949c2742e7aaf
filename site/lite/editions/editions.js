// The lab keeps each notebook that was run or saved in this browser, for ever. When a kept copy is
// opened and the site has another edition: where nobody has typed, the site's takes its place;
// beside a copy that somebody typed in it is put as a file of its own, and a sentence says so.
// `cecourse/copies.py` does the same for `my_course/`. Until Python answers, a line says what is
// being waited for. This is a plugin of JupyterLab as its builder would write it.

const CONFIG = JSON.parse(document.getElementById('jupyter-config-data').textContent);

const edition = model => model.content.metadata.course?.edition;

/** Whether nobody has typed: `cecourse.copies.digest` of what it holds is what it says of itself. */
async function isUntouched(model) {
  const json = value =>
    JSON.stringify(value).replace(
      /[^ -~]/g,
      letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
    );
  const cells = model.content.cells.map(cell => {
    const parts = [cell.cell_type, [cell.source].flat().join(''), cell.attachments ?? {}];
    return `[${parts.map(json).join(', ')}]`;
  });
  const text = new TextEncoder().encode(`[${cells.join(', ')}]`);
  const bytes = [...new Uint8Array(await crypto.subtle.digest('SHA-256', text))].slice(0, 8);
  return edition(model) === bytes.map(byte => byte.toString(16).padStart(2, '0')).join('');
}

/** Carry on the line that the page shows from its first moment, and take it away in the end. */
function tellStart(app) {
  const line = document.getElementById('course-start');
  const kernel = new BroadcastChannel('course-start'); // `cehelpers_lab.py` speaks there
  let step = 0;
  const say = next => {
    if (next > step && line.isConnected) {
      step = next;
      line.textContent = CONFIG.courseStart[step] ?? '';
      line.hidden = !line.textContent;
    }
  };
  const { sessions } = app.serviceManager;
  sessions.runningChanged.connect((_, running) => running.length && say(1));
  kernel.onmessage = ({ data }) => say(data);
  app.restored.then(() => {
    if (!new URLSearchParams(location.search).has('path')) {
      say(CONFIG.courseStart.length); // no notebook, nothing to wait for
    }
  });
}

/** Open a notebook at the section that a link names, as in `?path=03_x.ipynb#Exercise-1`. */
function openAtSection(app) {
  const path = new URLSearchParams(location.search).get('path');
  const heading = decodeURIComponent(location.hash.slice(1));
  if (!path || !heading) {
    return;
  }
  const args = { path, id: `#heading=${heading}` };
  const begun = Date.now();
  const look = setInterval(() => {
    const there = document.querySelector(`[data-jupyter-id="${CSS.escape(heading)}"]`);
    if (there) {
      app.commands.execute('rendermime:handle-local-link', args);
    }
    if (there || Date.now() - begun > 60_000) {
      clearInterval(look);
    }
  }, 250);
}

function activate(app) {
  tellStart(app);
  openAtSection(app);
  const { contents, serverSettings } = app.serviceManager;
  const get = contents.get.bind(contents);

  async function renewed(path, model, stem, newest) {
    const put = async place => {
      const original = await fetch(`${serverSettings.baseUrl}files/${stem}.ipynb`, {
        cache: 'no-cache'
      });
      return contents.save(place, {
        type: 'notebook',
        format: 'json',
        content: await original.json()
      });
    };
    if (await isUntouched(model)) {
      return put(path);
    }
    const names = (await get('', { content: true })).content.map(file => file.name);
    for (let number = 2; ; number++) {
      const beside = `${stem}-edition-${number}.ipynb`;
      const there = names.includes(beside) && (await get(beside, { content: true }));
      if (there && edition(there) !== newest && !(await isUntouched(there))) {
        continue;
      }
      if (!there || edition(there) !== newest) {
        await put(beside);
      }
      const args = { path: beside, options: { mode: 'split-right' } };
      app.commands.execute('apputils:notify', {
        message: `There is a newer edition of ${path}, beside yours: ${beside}.`,
        type: 'info',
        options: {
          autoClose: false,
          actions: [{ label: 'Open it beside mine', commandId: 'docmanager:open', args }]
        }
      });
      return model;
    }
  }

  contents.get = async (path, options) => {
    const model = await get(path, options);
    const stem = path.match(/^(\d\d_\w+)(-edition-\d+)?\.ipynb$/)?.[1];
    const newest = CONFIG.courseEditions[`${stem}.ipynb`];
    if (!newest || !model.content || edition(model) === newest) {
      return model;
    }
    return renewed(path, model, stem, newest).catch(error => {
      console.error(error); // a copy that cannot be renewed can still be opened
      return model;
    });
  };
}

window._JUPYTERLAB['course-editions'] = {
  init: () => {},
  get: async () => () => ({ id: 'course-editions:plugin', autoStart: true, activate })
};

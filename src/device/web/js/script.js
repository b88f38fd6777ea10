// The script editor: startup command, autoexec.bat and early.bat, with line numbers and what the
// plug's own compiler has to say, while one types.

const SCRIPTS = [['startup', 'Startup', 'The startup command: runs at every start.'], ['autoexec.bat', 'autoexec.bat', 'Runs after the startup command; longer scripts live here.'],
  ['early.bat', 'early.bat', 'Runs before pins and Wi-Fi.']];

async function readScript(name) {
  if (name === 'startup') return (await settings()).get('startup').value || '';
  try { return new TextDecoder().decode(await get('files/' + name)); } catch (e) { if (e.status === 404) return ''; throw e; }
}

async function writeScript(name, text) {
  if (name === 'startup') return post('settings', {startup: text});
  return text ? request('PUT', '/api/v2/files/' + name, text) : request('DELETE', '/api/v2/files/' + name).catch(() => null);
}

// Long scripts are checked in parts that fit the plug's memory; aliases of the whole script go with
// each part, in front of its first line.
async function lint(text) {
  const lines = text.split('\n'), aliases = lines.filter(l => /^\s*alias\s/i.test(l)).map(l => l.trim()), most = 1500;
  const findings = [];
  for (let first = 0; first < lines.length;) {
    const head = text.length > most ? aliases.slice(0, 20) : [];
    let part = head.map(l => l + '\n').join(''), next = first;
    do part += lines[next++] + '\n'; while (next < lines.length && part.length + lines[next].length < most);
    const bytes = new TextEncoder().encode(part);
    const answer = await post('script/check?line=' + (first + 1 - head.length), bytes);
    findings.push(...answer.findings.filter(f => f.line > first));
    first = next;
  }
  return findings;
}

function editor(onChange) {
  const gutter = h('div', {class: 'gutter', 'aria-hidden': 'true'});
  const area = h('textarea', {id: 'script', spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', wrap: 'off', 'aria-label': 'Script', 'aria-describedby': 'findings', rows: 14});
  let marks = new Map();
  const number = () => {
    const lines = area.value.split('\n').length;
    clear(gutter).append(...Array.from({length: lines}, (_, i) => h('span', {class: marks.has(i + 1) ? 'bad' : ''}, String(i + 1))));
    gutter.scrollTop = area.scrollTop;
  };
  area.addEventListener('input', () => { number(); onChange(); });
  area.addEventListener('scroll', () => { gutter.scrollTop = area.scrollTop; });
  return {
    element: h('div', {class: 'editor'}, gutter, area), area,
    set(text) { area.value = text; marks = new Map(); number(); },
    mark(findings) { marks = new Map(findings.map(f => [f.line, f])); number(); },
    go(finding) {
      const lines = area.value.split('\n');
      const start = lines.slice(0, finding.line - 1).reduce((n, l) => n + l.length + 1, 0) + Math.max(0, finding.column - 1);
      area.focus();
      area.setSelectionRange(start, start);
    },
  };
}

async function scriptPage(main) {
  let name = 'startup', saved = '', timer = 0, asked = 0;
  const findings = h('ul', {class: 'findings', id: 'findings', 'aria-live': 'polite'}), about = h('small', {});
  const check = async () => {
    const ask = ++asked;
    try {
      const found = await lint(edit.area.value);
      if (ask !== asked) return;
      edit.mark(found);
      clear(findings).append(...(found.length ? found.map(f => h('li', {}, h('button', {type: 'button', class: 'finding', onclick: () => edit.go(f)}, 'Line ' + f.line + ', column ' + f.column + ': ' + f.text)))
        : [h('li', {class: 'fine'}, edit.area.value.trim() ? 'No mistakes found.' : 'Empty.')]));
    } catch (e) { clear(findings).append(h('li', {}, e.message)); }
  };
  const edit = editor(() => {
    save.disabled = edit.area.value === saved;
    clearTimeout(timer);
    timer = setTimeout(check, 350);
  });
  const open = wanted => attempt(async () => {
    name = wanted;
    about.textContent = SCRIPTS.find(s => s[0] === name)[2];
    saved = await readScript(name);
    edit.set(saved);
    save.disabled = true;
    await check();
  });
  const write = () => busy(save, attempt(async () => { await writeScript(name, edit.area.value); saved = edit.area.value; }, 'Saved; it runs at the next start.')).then(() => { save.disabled = edit.area.value === saved; });
  const save = h('button', {type: 'button', class: 'primary', id: 'save-script', onclick: write}, 'Save');
  edit.area.addEventListener('keydown', e => {
    if ((e.ctrlKey || e.metaKey) && e.key === 's') { e.preventDefault(); write(); }
  });
  const run = h('button', {type: 'button', onclick: () => attempt(async () => {
    if (name === 'startup') { for (const line of edit.area.value.split('\n')) if (line.trim() && !line.trim().startsWith('//')) await command(line.trim()); }
    else { if (edit.area.value !== saved) await write(); await command('startScript ' + name); }
  }, 'Started; the console shows what it says.')}, 'Run now');
  const tabs = h('div', {class: 'segments', role: 'radiogroup', 'aria-label': 'Which script'}, SCRIPTS.flatMap(([id, text], i) => {
    const input = h('input', {type: 'radio', name: 'script', id: 'script-' + i, onchange: () => {
      if (edit.area.value === saved) { open(id); return; }
      ask('Leave without saving?', 'The changes in ' + name + ' are lost.', 'Leave', true).then(yes => { if (yes) open(id); else $('script-' + SCRIPTS.findIndex(s => s[0] === name)).checked = true; });
    }});
    input.checked = !i;
    return [input, h('label', {for: 'script-' + i}, text)];
  }));
  main.append(head('Script'), card('', tabs, about, edit.element, findings, h('div', {class: 'row end'}, run, save)));
  await open('startup');
}

// Backup and restore of the whole configuration, and import of what other tools wrote: OpenBeken
// templates, configuration blocks, flash dumps.

const CFG_SECTORS = [0x1d1000, 0x1e1000, 0x1ff000, 0];

// The configuration block inside a file: bare, a sector, or a whole dump.
function findBlock(data) {
  const at = CFG_SECTORS.find(o => data.length >= o + 2016 && data[o] === 0x43 && data[o + 1] === 0x46 && data[o + 2] === 0x47);
  return at === undefined ? null : data.slice(at, at + 3584);
}

const roleOf = name => {
  const n = String(name).toLowerCase();
  return n === 'none' ? 0 : ROLES.findIndex(r => r[0].toLowerCase() === n);
};

// A template {"pins": {"6": "Rel;1", …}, "flags": "1024", "command": "…"} as what the plug is told.
function readTemplate(text) {
  let t;
  try { t = JSON.parse(text); } catch (e) { throw new Error('This is not JSON: ' + e.message); }
  if (t.plugsmith) return {kind: 'backup', text};
  if (!t.pins || typeof t.pins !== 'object') throw new Error('A template has an object "pins"; this has none.');
  const pins = [];
  for (const [pin, value] of Object.entries(t.pins)) {
    const [name, ch, ch2] = String(value).split(';'), role = roleOf(name), n = Number(pin.replace(/^P/i, ''));
    if (role < 0) throw new Error('Pin ' + pin + ': no role is called "' + name + '".');
    if (!Number.isInteger(n) || n < 0) throw new Error('"' + pin + '" is no pin number.');
    pins.push({pin: n, role, ch: Number(ch) || 0, ch2: Number(ch2) || 0});
  }
  const values = {};
  if (t.flags !== undefined && t.flags !== '') {
    const flags = BigInt(t.flags);
    values.flags = Number(flags & 0xffffffffn);
    values.flags2 = Number((flags >> 32n) & 0xfffffn);
  }
  if (t.command) values.startup = t.command;
  return {kind: 'template', pins, values, name: [t.vendor, t.name].filter(Boolean).join(' '), board: t.board, chip: t.chip};
}

async function applyTemplate(t) {
  const have = (await get('pins')).pins, wanted = new Map(t.pins.map(p => [p.pin, p]));
  const most = Math.max(...have.map(p => p.pin)), wrong = t.pins.find(p => p.pin > most);
  if (wrong) throw new Error('Pin ' + wrong.pin + ' does not exist on this chip (0 to ' + most + ').');
  const pins = have.map(p => wanted.get(p.pin) || {pin: p.pin, role: 0, ch: 0, ch2: 0});
  if (Object.keys(t.values).length) await post('settings', t.values);
  await savePins(pins);
  if (t.board) {
    const notes = await plugNotes();
    await saveNotes({...notes, module: t.board}).catch(() => 0);
  }
}

function templateSummary(t) {
  return h('div', {}, h('p', {}, h('strong', {}, t.name || 'Template'), t.board ? ' · ' + t.board : ''),
    t.chip && live.state && t.chip !== live.state.chip ? h('p', {class: 'warn-text'}, 'Made for ' + t.chip + '; this plug has ' + live.state.chip + '.') : null,
    h('ul', {class: 'plain'}, t.pins.filter(p => p.role).map(p => h('li', {}, h('i', {class: 'dot ' + roleKind(p.role)}), ' P' + p.pin + '  ' + ROLES[p.role][0] + (ROLES[p.role][1] ? ', channel ' + p.ch : '')))),
    t.values.startup ? h('pre', {}, t.values.startup) : null);
}

async function restoreText(text) {
  const answer = await post('restore', text, 60);
  toast('Taken: ' + answer.settings + ' settings, ' + answer.files + ' files. The plug restarts with them.');
}

function backupPage(main) {
  const paste = h('textarea', {id: 'import-text', rows: 6, spellcheck: 'false', placeholder: '{"pins": {"6": "Rel;1", …}}'}), preview = h('div', {'aria-live': 'polite', id: 'import-preview'});
  const importing = async text => {
    clear(preview);
    const t = readTemplate(text);
    if (t.kind === 'backup') { if (await ask('Restore this backup?', 'It replaces settings, pins and files; the plug restarts with them.', 'Restore', true)) await restoreText(text); return; }
    const yes = h('button', {type: 'button', class: 'primary', id: 'import-apply', onclick: () => busy(yes, attempt(() => applyTemplate(t), 'Imported. The pins work at once.').then(() => clear(preview)))}, 'Use it');
    preview.append(templateSummary(t), h('div', {class: 'row end'}, yes));
  };
  const fileIn = async file => {
    const data = new Uint8Array(await file.arrayBuffer()), block = findBlock(data);
    if (!block) { await importing(new TextDecoder().decode(data)); return; }
    if (!await ask('Take over this configuration?', 'The file holds a configuration of OpenBeken: pins, flags, Wi-Fi, MQTT and startup command. It replaces what is set now; the plug restarts with it.', 'Take over', true)) return;
    await post('import', block, 60);
    toast('Taken over; the plug restarts with it.');
  };
  const save = h('button', {type: 'button', class: 'primary', id: 'backup', onclick: () => busy(save, attempt(async () => {
    const reply = await fetch('/api/v2/backup');
    if (!reply.ok) throw await readError(reply);
    const text = await reply.text(), name = live.state ? live.state.short : 'plug';
    JSON.parse(text);
    saveAs(name + '-' + new Date().toISOString().slice(0, 10) + '.json', text, 'application/json');
  }, 'Backup saved.'))}, 'Save a backup');
  const restorePick = h('input', {type: 'file', id: 'restore-file', accept: '.json,application/json'});
  const restore = h('button', {type: 'button', id: 'restore', onclick: () => {
    const file = restorePick.files[0];
    if (!file) { toast('Choose a backup first.', true); return; }
    busy(restore, attempt(async () => {
      const text = await file.text();
      let b;
      try { b = JSON.parse(text); } catch { throw new Error('This file is not a backup: it is no JSON.'); }
      if (!b.plugsmith) throw new Error('This file is not a backup of a plug; a template is imported below.');
      const other = live.state && b.name !== live.state.name ? ' It is of "' + b.name + '".' : '';
      if (await ask('Restore this backup?', 'It replaces settings, pins and files; the plug restarts with them.' + other, 'Restore', true)) await restoreText(text);
    }));
  }}, 'Restore');
  const importPick = h('input', {type: 'file', id: 'import-file', onchange: () => attempt(async () => { if (importPick.files[0]) await fileIn(importPick.files[0]); importPick.value = ''; })});
  main.append(head('Backup and import'), h('div', {class: 'two'},
    card('Backup', h('p', {class: 'lead'}, 'One file with every setting, pin and file. It contains the passwords: keep it safe.'), h('div', {class: 'row end'}, save)),
    card('Restore', field('Backup file', restorePick), h('div', {class: 'row end'}, restore))),
  card('Import', h('p', {class: 'lead'}, 'A template of the OpenBeken device list, a configuration block, or a whole flash dump.'),
    field('Paste a template', paste), h('div', {class: 'row end'}, h('button', {type: 'button', id: 'import', onclick: () => attempt(() => importing(paste.value))}, 'Look at it')),
    field('Or choose a file', importPick), preview));
}

// What hangs on which pin: the module's drawing with roles on its pads, and a row per pin to edit.

const SHAPE = {SIDES: 0, FACES: 1, EDGE: 2, CHIP: 3, LIST: 4};
// Role kinds by the beginning of the role's name; the colours are in the style sheet.
const KINDS = [[/^(Rel|Bridge|Shutter[AB])/, 'relay'], [/^(Btn|TglChan|ADC_Button)/, 'button'], [/^(LED|WifiLED)/, 'led'],
  [/^(BL09|HLW)/, 'meter'], [/^(PWM|SM|BP|KP|UCS|Strip)/, 'light'], [/./, 'sensor']];
const roleKind = role => role ? KINDS.find(k => k[0].test(ROLES[role][0]))[1] : 'free';
const GROUPS = [['Relays', 'relay'], ['Buttons and switches', 'button'], ['Indicator LEDs', 'led'], ['Power meter', 'meter'], ['Lights', 'light'], ['Sensors and others', 'sensor']];

function padGpio(text, chip) {
  const m = /^P([ABC]?)(\d+)$/.exec(text);
  if (!m) return -1;
  return Number(m[2]) + (m[1] === 'B' && chip === 'LN882H' ? 16 : 0);
}

// Which pads lie on which edge; the rule is that of the workbench's drawings.
function layout(module) {
  const [, , shape, left, bottom, padText, tests] = module;
  const pads = padText.split(' ').map((text, i) => ({text, name: String(i + 1)}));
  const n = pads.length, edges = {left: [], right: [], top: [], bottom: []};
  pads.forEach((pad, i) => {
    const edge = shape === SHAPE.SIDES ? (i < left ? 'left' : i >= n - bottom ? 'bottom' : 'right')
      : shape === SHAPE.FACES ? (i % 2 ? 'right' : 'left') : shape === SHAPE.EDGE ? 'left'
        : shape === SHAPE.CHIP ? (i < n / 4 ? 'left' : i < n / 2 ? 'bottom' : i < n / 4 * 3 ? 'right' : 'top')
          : i < (n + 1) / 2 ? 'left' : 'right';
    edges[edge].push(pad);
  });
  if (shape === SHAPE.SIDES || shape === SHAPE.CHIP) edges.right.reverse();
  if (shape === SHAPE.CHIP) edges.top.reverse();
  edges.tests = tests ? tests.split(' ').map(t => ({name: t.split('=')[0], text: t.split('=')[1]})) : [];
  return edges;
}

function padMark(pad, x, y, side, pin, chosen) {
  const power = /^(3V3|5V|VCC|VBAT|VIN)$/.test(pad.text), ground = pad.text === 'GND';
  const kind = pin ? roleKind(pin.role) : power ? 'vcc' : ground ? 'gnd' : pad.text === 'CEN' ? 'cen' : 'none';
  const role = pin && pin.role ? ROLES[pin.role][0] + (ROLES[pin.role][1] ? ' ' + pin.ch : '') : '';
  const dir = side === 'right' ? 1 : -1;
  const parts = [h('rect', {x: x - 7, y: y - 7, width: 14, height: 14, rx: 3, class: 'pad'}),
    h('rect', {x: side === 'right' ? x + 13 : x - 51, y: y - 9, width: 38, height: 18, rx: 9, class: 'pill'}),
    h('text', {x: x + dir * 32, y: y + 4, 'text-anchor': 'middle', class: 'pill-text'}, pad.text),
    role && h('text', {x: x + dir * 56, y: y + 4, 'text-anchor': side === 'right' ? 'start' : 'end', class: 'role-text'}, role)];
  const words = pad.text + (pin ? ', ' + (pin.role ? role : 'unused') : '');
  return h('g', {class: 'pin ' + kind, ...(pin ? {role: 'button', tabindex: 0, 'aria-label': words, onclick: () => chosen(pin), onkeydown: e => {
    if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); chosen(pin); }
  }} : {'aria-hidden': 'true'})}, ...parts);
}

function drawModule(module, pins, chip, chosen) {
  const edges = layout(module), pitch = 26;
  const across = [...edges.top, ...edges.bottom, ...edges.tests];
  const rows = Math.max(edges.left.length, edges.right.length, 3);
  // Pads of the short edges and test pads are listed below the board: phones are narrow.
  const half = Math.ceil(across.length / 2);
  const height = rows * pitch + 60 + half * pitch + (half ? 26 : 0);
  const pinOf = pad => { const g = padGpio(pad.text, chip); return pins.find(p => p.pin === g); };
  const bottom = rows * pitch + 58, x0 = 130, x1 = 250;
  const marks = [
    ...edges.left.map((pad, i) => padMark(pad, x0, 50 + i * pitch, 'left', pinOf(pad), chosen)),
    ...edges.right.map((pad, i) => padMark(pad, x1, 50 + i * pitch, 'right', pinOf(pad), chosen)),
    ...across.map((pad, i) => padMark(pad, i < half ? x0 : x1, bottom + 26 + (i % Math.max(half, 1)) * pitch, i < half ? 'left' : 'right', pinOf(pad), chosen))];
  return h('svg', {viewBox: '0 0 380 ' + height, class: 'module', role: 'group', 'aria-label': 'Pads of module ' + module[0]},
    h('rect', {x: x0, y: 8, width: x1 - x0, height: rows * pitch + 40, rx: 8, class: 'board'}),
    h('path', {d: 'M' + (x0 + 14) + ' 30v-12h14v12h14v-12h14v12h14v-12h14v12h14v-12', class: 'antenna'}),
    h('rect', {x: x0 + 26, y: 48 + (rows * pitch) / 2 - 30, width: 68, height: 60, rx: 5, class: 'shield'}),
    h('text', {x: 190, y: 52 + (rows * pitch) / 2, 'text-anchor': 'middle', class: 'module-name'}, module[0].replace(/^GENERIC-/, '').slice(0, 9)),
    half ? h('text', {x: 190, y: bottom + 8, 'text-anchor': 'middle', class: 'caption'}, edges.tests.length === across.length ? 'Test pads' : 'Bottom and test pads') : null,
    ...marks);
}

// What is likely wrong with a set of pins, in words.
function pinAdvice(pins) {
  const used = name => pins.filter(p => p.role && ROLES[p.role][0] === name), list = [];
  for (const name of ['BL0937SEL', 'BL0937CF', 'BL0937CF1', 'WifiLED', 'WifiLED_n'])
    if (used(name).length > 1) list.push(name + ' is on ' + used(name).map(p => 'P' + p.pin).join(' and ') + '; only one can work.');
  if (used('BL0937CF').length !== used('BL0937CF1').length) list.push('A BL0937 meter needs both BL0937CF and BL0937CF1.');
  for (const p of pins) {
    const name = p.role ? ROLES[p.role][0] : '';
    if (/^PWM/.test(name) && !p.pwm) list.push('P' + p.pin + ' cannot do PWM.');
    if (/^(ADC|BAT_ADC)/.test(name) && !p.adc) list.push('P' + p.pin + ' cannot measure voltages.');
    if (p.role && (p.pin === 10 || p.pin === 11) && /UART|TXD|RXD/.test(p.alias)) list.push('P' + p.pin + ' is also the download UART (' + p.alias + '): an adapter on it will press or switch.');
  }
  return list;
}

// The plug takes a body of about 2 KB.
async function savePins(pins) {
  for (let i = 0; i < pins.length; i += 32)
    await post('pins', {pins: pins.slice(i, i + 32).map(p => ({pin: p.pin, role: p.role, ch: p.ch, ch2: p.ch2}))});
}

const PLUG_FILE = 'plug.json';
async function plugNotes() {
  try { return JSON.parse(new TextDecoder().decode(await get('files/' + PLUG_FILE))); } catch { return {}; }
}
const saveNotes = notes => request('PUT', '/api/v2/files/' + PLUG_FILE, JSON.stringify(notes));

function roleSelect(pin, onchange) {
  const select = h('select', {id: 'pin' + pin.pin, 'aria-label': 'Role of P' + pin.pin, onchange});
  select.append(h('option', {value: 0}, '—'));
  for (const [title, kind] of GROUPS)
    select.append(h('optgroup', {label: title}, ROLES.map((r, i) => i && roleKind(i) === kind ? h('option', {value: i, title: r[2]}, r[0]) : null)));
  select.value = pin.role;
  return select;
}

async function pinsPage(main) {
  const [data, notes] = await Promise.all([get('pins'), plugNotes()]);
  const pins = data.pins, before = JSON.stringify(pins.map(p => [p.role, p.ch, p.ch2]));
  const choices = MODULES.filter(m => m[1] === data.chip);
  let module = choices.find(m => m[0] === notes.module) || choices.find(m => m[0].startsWith('GENERIC')) || choices[0] || MODULES[0];
  const drawing = h('div', {class: 'drawing'}), advice = h('ul', {class: 'advice', 'aria-live': 'polite'}), rows = new Map();
  const status = h('span', {class: 'quiet-text', 'aria-live': 'polite'});

  const redraw = () => {
    clear(drawing).append(drawModule(module, pins, data.chip, pin => {
      const row = rows.get(pin.pin);
      row.scrollIntoView({block: 'center'});
      row.querySelector('select').focus({preventScroll: true});
    }));
    clear(advice).append(...pinAdvice(pins).map(t => h('li', {}, t)));
    const differ = JSON.parse(before).filter((b, i) => String(b) !== String([pins[i].role, pins[i].ch, pins[i].ch2])).length;
    bar.hidden = !differ;
    status.textContent = differ + (differ === 1 ? ' pin changed' : ' pins changed');
  };
  // Pins on the module's pads first; the others are folded away unless they are used.
  const place = () => {
    const edges = layout(module), out = new Set(Object.values(edges).flat().map(p => padGpio(p.text, data.chip)));
    const shown = [...rows.values()].filter(r => out.has(r.pin.pin) || r.pin.role);
    list.replaceChildren(...shown);
    hidden.replaceChildren(hidden.firstChild, ...[...rows.values()].filter(r => !shown.includes(r)));
    hidden.hidden = hidden.children.length < 2;
  };
  const chooser = h('select', {id: 'module', onchange: e => {
    module = MODULES.find(m => m[0] === e.target.value);
    notes.module = module[0];
    attempt(() => saveNotes(notes));
    place();
    redraw();
  }}, choices.map(m => h('option', {value: m[0]}, m[0])));
  chooser.value = module[0];

  const save = h('button', {type: 'button', class: 'primary', id: 'save-pins', onclick: () => busy(save, attempt(async () => {
    const was = JSON.parse(before);
    await savePins(pins.filter((p, i) => String(was[i]) !== String([p.role, p.ch, p.ch2])));
    go();
  }, 'Pins saved; they work at once.'))}, 'Save pins');
  const bar = h('div', {class: 'savebar', hidden: true}, status, h('button', {type: 'button', onclick: () => go()}, 'Discard'), save);

  const list = h('div', {class: 'pinlist'}), hidden = h('details', {}, h('summary', {}, 'Pins that this module does not lead out'));
  for (const pin of pins) {
    const chan = (key, text) => {
      const input = h('input', {type: 'number', min: 0, max: 255, value: pin[key], id: key + '-' + pin.pin, 'aria-label': text + ' of P' + pin.pin, title: text,
        oninput: () => { pin[key] = Math.max(0, Math.min(255, parseInt(input.value, 10) || 0)); redraw(); }});
      return input;
    };
    const first = chan('ch', 'Channel'), second = chan('ch2', 'Second channel');
    const dot = h('i', {class: 'dot', 'aria-hidden': 'true'});
    const fit = () => {
      const n = pin.role ? ROLES[pin.role][1] : 0;
      first.hidden = n < 1;
      second.hidden = n < 2;
      dot.className = 'dot ' + roleKind(pin.role);
    };
    const select = roleSelect(pin, e => { pin.role = Number(e.target.value); fit(); redraw(); });
    const row = h('div', {class: 'pinrow'}, dot, h('span', {class: 'pin-name'}, 'P' + pin.pin, pin.alias && h('small', {}, pin.alias)), select, first, second);
    rows.set(pin.pin, row);
    fit();
    row.pin = pin;
  }
  place();
  main.append(head('Pins'), h('div', {class: 'two'},
    card('', field('Module', chooser, 'The drawing; what works does not depend on it. It shows the pads for ' + data.chip + '.'), drawing, advice,
      h('p', {}, h('a', {href: '#/backup'}, 'Import a template'), ' instead of setting pins one by one.')),
    card('', list, hidden)), bar);
  redraw();
}

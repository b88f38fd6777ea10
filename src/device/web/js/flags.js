// The 52 flags in words, each a switch that works at once.

const flagBit = (all, n) => (Math.floor(Number(all.get(n < 32 ? 'flags' : 'flags2').value) / 2 ** (n % 32)) & 1) === 1;

async function setFlag(all, n, on, box) {
  const s = all.get(n < 32 ? 'flags' : 'flags2'), was = Number(s.value);
  const value = on === flagBit(all, n) ? was : was + (on ? 1 : -1) * 2 ** (n % 32);
  const done = await attempt(() => post('settings', {[s.name]: value}));
  if (done) s.value = value;
  else box.checked = !on;
}

function flagSwitches(all, numbers) {
  return h('div', {class: 'flags'}, numbers.map(n => {
    const text = FLAGS[n];
    return checkbox(text[0].toUpperCase() + text.slice(1), flagBit(all, n), e => setFlag(all, n, e.target.checked, e.target), 'Flag ' + n);
  }));
}

// Groups by what they are about; the rest of the table is shown last, so a new flag is never lost.
const FLAG_GROUPS = [['MQTT', [2, 7, 10, 19, 21, 30, 33, 39, 40, 50]], ['Home Assistant', [27, 34, 35, 45]], ['Light', [0, 1, 4, 8, 9, 11, 12, 16, 17, 18, 20, 23, 24, 28, 32]],
  ['Buttons and inputs', [6, 41, 42]], ['Meter', [25, 26, 38, 48]], ['Pages and consoles', [3, 5, 13, 31, 44, 49]], ['Network', [29, 37, 51]]];

async function flagsPage(main) {
  const all = await settings();
  const grouped = new Set(FLAG_GROUPS.flatMap(g => g[1]));
  const groups = [...FLAG_GROUPS, ['Others', FLAGS.map((_, i) => i).filter(i => !grouped.has(i))]];
  const box = h('div', {class: 'columns'});
  const find = h('input', {type: 'search', id: 'find-flag', placeholder: 'retain, dimmer, 27 …', oninput: () => {
    const want = find.value.trim().toLowerCase();
    for (const row of box.querySelectorAll('.check')) row.hidden = !!want && !row.textContent.toLowerCase().includes(want);
    for (const section of box.querySelectorAll('.card')) section.hidden = ![...section.querySelectorAll('.check')].some(r => !r.hidden);
  }});
  box.append(...groups.map(g => card(g[0], flagSwitches(all, g[1]))));
  main.append(head('Flags'), field('Find', find), box);
}

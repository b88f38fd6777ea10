// Channels: type, value at start, label. Labels are lines of the startup command, as in every
// OpenBeken-style plug, so that scripts and backups carry them.

const LABEL_LINE = /^\s*setChannelLabel\s+(\d+)\s+(.*)$/i;

function labelsOf(startup) {
  const labels = new Map();
  for (const line of startup.split(/\n/)) {
    const m = LABEL_LINE.exec(line);
    if (m) labels.set(Number(m[1]), m[2].trim().replace(/^"(.*)"$/, '$1'));
  }
  return labels;
}

function withLabels(startup, labels) {
  const kept = startup.split(/\n/).filter(line => !LABEL_LINE.test(line));
  while (kept.length && !kept[kept.length - 1].trim()) kept.pop();
  for (const [ch, text] of labels) if (text) kept.push('setChannelLabel ' + ch + ' ' + text);
  return kept.join('\n');
}

async function channelsPage(main) {
  const [data, all] = await Promise.all([get('channels'), settings()]);
  const startup = all.get('startup');
  const labels = labelsOf(startup ? startup.value : ''), changed = new Map();
  let labelsChanged = false;
  const list = h('div', {class: 'channel-list'});
  const typeOptions = () => TYPES.map((t, i) => h('option', {value: i}, t[0] + (t[2] ? ' (' + t[2] + ')' : '')));
  const add = c => {
    const touch = () => changed.set(c.ch, {ch: c.ch, type: c.type, start: c.start});
    const type = h('select', {id: 'type' + c.ch, onchange: () => { c.type = Number(type.value); touch(); }}, typeOptions());
    type.value = c.type;
    const number = h('input', {type: 'number', id: 'start' + c.ch, min: -32768, max: 32767, value: c.start, 'aria-label': 'Value at start of channel ' + c.ch,
      oninput: () => { c.start = parseInt(number.value, 10) || 0; touch(); }});
    const mode = h('select', {id: 'mode' + c.ch, onchange: () => {
      number.hidden = mode.value !== 'value';
      c.start = mode.value === 'last' ? -1 : mode.value === 'on' ? 1 : mode.value === 'off' ? 0 : c.start < 2 ? 2 : c.start;
      number.value = c.start;
      touch();
    }}, [['off', 'Off (0)'], ['on', 'On (1)'], ['last', 'As it was'], ['value', 'A value…']].map(o => h('option', {value: o[0]}, o[1])));
    mode.value = c.start === -1 ? 'last' : c.start === 0 ? 'off' : c.start === 1 ? 'on' : 'value';
    number.hidden = mode.value !== 'value';
    const label = h('input', {id: 'label' + c.ch, value: labels.get(c.ch) || c.label || '', maxlength: 40, oninput: () => { labels.set(c.ch, label.value.trim()); labelsChanged = true; }});
    list.append(h('section', {class: 'card channel'}, h('h2', {}, 'Channel ' + c.ch), field('Label', label), field('Type', type), h('div', {}, field('After power-up', mode), number)));
  };
  data.channels.filter(c => (c.used && c.ch) || c.type || c.start || labels.get(c.ch)).forEach(add);
  const more = h('select', {id: 'more', onchange: () => {
    const c = data.channels.find(x => x.ch === Number(more.value));
    if (c && !$('type' + c.ch)) add(c);
    more.value = '';
    if (c) $('type' + c.ch).focus();
  }}, h('option', {value: ''}, 'Choose…'), data.channels.filter(c => !$('type' + c.ch)).map(c => h('option', {value: c.ch}, 'Channel ' + c.ch)));
  const save = h('button', {type: 'button', class: 'primary', onclick: () => busy(save, attempt(async () => {
    if (changed.size) await post('channels', {channels: [...changed.values()]});
    if (labelsChanged) {
      await post('settings', {startup: withLabels(startup.value, labels)});
      for (const [ch, text] of labels) await command('setChannelLabel ' + ch + ' ' + text).catch(() => 0);
    }
    changed.clear();
    labelsChanged = false;
  }, 'Channels saved.'))}, 'Save channels');
  main.append(head('Channels'), h('p', {class: 'lead'}, 'A channel joins a pin, the network and scripts. Its type says how the number is shown and published.'),
    list, field('Another channel', more), h('div', {class: 'row end'}, save));
}

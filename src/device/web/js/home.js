// What the plug does now: switches, dimmers, light, readings, power. Elements are made once and
// then only their values change, so that focus and a finger on a slider are never lost.

const shown = (c, value) => (c.div > 1 ? (value / c.div).toFixed(c.div >= 1000 ? 3 : c.div >= 100 ? 2 : 1) : String(value)) + (c.unit ? ' ' + (c.unit === 'C' ? '°C' : c.unit) : '');
const nameOf = c => c.label || (c.kind === 'toggle' ? 'Relay ' + c.ch : 'Channel ' + c.ch);

// A change the person made is shown at once and asked of the plug; its answer then decides.
function act(line) {
  return attempt(() => command(line)).then(() => { if (Date.now() - (live.streamed || 0) > 7000) askState(); });
}

// Sends the last value of a moving slider, at most eight times a second.
function eager(send) {
  let timer = 0, waiting = null;
  return value => {
    if (timer) { waiting = value; return; }
    send(value);
    timer = setTimeout(function again() {
      timer = 0;
      if (waiting !== null) { const v = waiting; waiting = null; send(v); timer = setTimeout(again, 125); }
    }, 125);
  };
}

function toggleTile(c) {
  const button = h('button', {type: 'button', class: 'tile toggle', role: 'switch', id: 'ch' + c.ch, 'aria-checked': 'false',
    onclick: () => {
      const on = button.getAttribute('aria-checked') !== 'true';
      paint(on);
      act('toggleChannel ' + c.ch);
    }},
  h('span', {class: 'knob'}, icon('power')), h('span', {class: 'tile-name'}, nameOf(c)), h('span', {class: 'tile-state', 'aria-hidden': 'true'}));
  const paint = on => {
    button.setAttribute('aria-checked', String(on));
    button.querySelector('.tile-state').textContent = on ? 'On' : 'Off';
  };
  return {element: button, update: n => paint(n.type === 'Toggle_Inv' ? !n.value : !!n.value)};
}

function sliderTile(c) {
  const out = h('output', {class: 'tile-value', for: 'ch' + c.ch});
  const input = h('input', {type: 'range', min: 0, max: c.max || 100, id: 'ch' + c.ch});
  const send = eager(v => act('setChannel ' + c.ch + ' ' + v));
  const paint = v => { out.textContent = Math.round(100 * v / (c.max || 100)) + ' %'; };
  input.addEventListener('input', () => { paint(input.value); send(input.value); });
  return {
    element: h('div', {class: 'tile wide'}, h('div', {class: 'row'}, h('label', {for: 'ch' + c.ch, class: 'tile-name'}, nameOf(c)), out), input),
    update: n => { if (!input.matches(':active')) { input.value = n.value; paint(n.value); } },
  };
}

function choiceTile(c) {
  const inputs = (c.options || []).map(([value, text]) => {
    const id = 'ch' + c.ch + '-' + value;
    const input = h('input', {type: 'radio', name: 'ch' + c.ch, id, onchange: () => act('setChannel ' + c.ch + ' ' + value)});
    input.dataset.value = value;
    return {value, input, element: [input, h('label', {for: id}, text)]};
  });
  return {
    element: h('div', {class: 'tile wide', role: 'radiogroup', 'aria-labelledby': 'name' + c.ch}, h('div', {class: 'tile-name', id: 'name' + c.ch}, nameOf(c)), h('div', {class: 'segments'}, inputs.flatMap(i => i.element))),
    update: n => { for (const i of inputs) i.input.checked = i.value === n.value; },
  };
}

function numberTile(c) {
  const input = h('input', {type: 'number', id: 'ch' + c.ch, onchange: () => act('setChannel ' + c.ch + ' ' + (parseInt(input.value, 10) || 0))});
  return {
    element: h('div', {class: 'tile'}, h('label', {for: 'ch' + c.ch, class: 'tile-name'}, nameOf(c)), input),
    update: n => { if (document.activeElement !== input) input.value = n.value; },
  };
}

function readingTile(c) {
  const out = h('span', {class: 'tile-value'});
  return {
    element: h('div', {class: 'tile reading'}, h('span', {class: 'tile-name'}, nameOf(c)), out),
    update: n => {
      const option = (n.options || []).find(o => o[0] === n.value);
      out.textContent = option ? option[1] : shown(n, n.value);
    },
  };
}

const TILES = {toggle: toggleTile, slider: sliderTile, choice: choiceTile, text: numberTile, value: readingTile};

const SWATCHES = ['FF0000', 'FF8000', 'FFD000', '00C040', '00C8D0', '0050FF', '8000FF', 'FF40A0'];
const kelvin = mired => Math.round(10000 / mired) * 100;

function lightCard(first) {
  const power = h('button', {type: 'button', class: 'tile toggle hero', role: 'switch', id: 'light', onclick: () => {
    const on = power.getAttribute('aria-checked') !== 'true';
    paintPower(on);
    act('led_enableAll ' + (on ? 1 : 0));
  }}, h('span', {class: 'knob'}, icon('power')), h('span', {class: 'tile-name'}, 'Light'), h('span', {class: 'tile-state', 'aria-hidden': 'true'}));
  const paintPower = on => {
    power.setAttribute('aria-checked', String(on));
    power.querySelector('.tile-state').textContent = on ? 'On' : 'Off';
  };
  const dim = h('input', {type: 'range', min: 0, max: 100, id: 'light-dimmer', 'aria-label': 'Brightness'});
  const dimOut = h('output', {class: 'tile-value'});
  const sendDim = eager(v => act('led_dimmer ' + v));
  dim.addEventListener('input', () => { dimOut.textContent = dim.value + ' %'; sendDim(dim.value); });
  const parts = [power, h('div', {class: 'tile wide'}, h('div', {class: 'row'}, h('label', {for: 'light-dimmer', class: 'tile-name'}, 'Brightness'), dimOut), dim)];
  let warm = null, warmOut = null, colour = null;
  if (first.white) {
    warm = h('input', {type: 'range', min: first.ctMin, max: first.ctMax, id: 'light-ct', class: 'warmth'});
    warmOut = h('output', {class: 'tile-value'});
    const send = eager(v => act('led_temperature ' + v));
    warm.addEventListener('input', () => { warmOut.textContent = kelvin(warm.value) + ' K'; send(warm.value); });
    parts.push(h('div', {class: 'tile wide'}, h('div', {class: 'row'}, h('label', {for: 'light-ct', class: 'tile-name'}, 'White, cold to warm'), warmOut), warm));
  }
  if (first.colour) {
    const send = eager(v => act('led_basecolor_rgb ' + v));
    colour = h('input', {type: 'color', id: 'light-rgb', oninput: () => send(colour.value.slice(1).toUpperCase())});
    parts.push(h('div', {class: 'tile wide'}, h('label', {for: 'light-rgb', class: 'tile-name'}, 'Colour'),
      h('div', {class: 'swatches'}, colour, SWATCHES.map(c => h('button', {type: 'button', class: 'swatch', style: 'background:#' + c, 'aria-label': 'Colour #' + c,
        onclick: () => { colour.value = '#' + c; act('led_basecolor_rgb ' + c); }})))));
  }
  return {
    element: h('div', {class: 'tiles'}, parts),
    update: l => {
      paintPower(l.on);
      if (!dim.matches(':active')) { dim.value = l.dimmer; dimOut.textContent = Math.round(l.dimmer) + ' %'; }
      if (warm && !warm.matches(':active')) { warm.value = l.ct; warmOut.textContent = kelvin(l.ct) + ' K'; }
      if (colour && document.activeElement !== colour) colour.value = '#' + l.rgb;
    },
  };
}

const QUANTITIES = [['voltage', 'Voltage', 'V', 1], ['current', 'Current', 'A', 3], ['factor', 'Power factor', '', 2],
  ['apparent', 'Apparent', 'VA', 1], ['reactive', 'Reactive', 'var', 1], ['frequency', 'Frequency', 'Hz', 2]];
const ENERGIES = [['today', 'Today'], ['yesterday', 'Yesterday'], ['total', 'Total']];
const energyText = wh => (wh >= 1000 ? (wh / 1000).toFixed(2) + ' kWh' : wh.toFixed(1) + ' Wh');

function powerCard() {
  const watts = h('span', {class: 'big'}), facts = h('dl', {class: 'facts'}), energy = h('dl', {class: 'facts energy'});
  const chart = historyChart();
  return {
    element: h('section', {class: 'card power', 'aria-label': 'Power'},
      h('div', {class: 'power-now'}, h('div', {}, h('h2', {}, 'Power now'), h('p', {class: 'watts'}, watts, h('span', {class: 'unit'}, ' W'))), energy),
      chart, facts),
    update: p => {
      watts.textContent = typeof p.power !== 'number' ? '—' : p.power < 10 ? p.power.toFixed(2) : p.power < 1000 ? p.power.toFixed(1) : Math.round(p.power);
      const list = (box, rows) => {
        if (box.children.length !== rows.length) clear(box).append(...rows.map(r => h('div', {}, h('dt', {}, r[0]), h('dd', {}))));
        rows.forEach((r, i) => { box.children[i].lastChild.textContent = r[1]; });
      };
      list(facts, QUANTITIES.filter(q => typeof p[q[0]] === 'number' && (q[0] !== 'frequency' || p.frequency > 0)).map(q => [q[1], p[q[0]].toFixed(q[3]) + ' ' + q[2]]));
      list(energy, ENERGIES.filter(q => typeof p[q[0]] === 'number').map(q => [q[1], energyText(p[q[0]])]));
    },
  };
}

// Buttons that a script of the plug has put here.
function scriptButtons(list) {
  return (list || []).map(b => h('button', {type: 'button', style: b.color ? 'border-color:' + b.color : '', onclick: () => attempt(() => fetch('/index?act=' + b.act), b.label)}, b.label));
}

function notices(s) {
  const list = [];
  if (s.safe) list.push(['Safe mode', s.safe, 'Leave safe mode', () => act('restart')]);
  if (s.update && s.update.state === 'trial') list.push(['New firmware on trial', 'It is kept once it has run well for a moment.']);
  if (s.restart) list.push(['Restarting', 'The plug restarts in ' + s.restart + ' s.']);
  if (!s.channels.length && !s.light && !s.safe) list.push(['No pins set up yet', 'Tell the plug what hangs on its pins, or import a template.', 'Set up pins', () => { location.hash = '#/pins'; }]);
  return list.map(n => h('div', {class: 'notice', role: 'status'}, h('div', {}, h('strong', {}, n[0]), h('p', {}, n[1])),
    n[2] && h('button', {type: 'button', onclick: n[3]}, n[2])));
}

function homePage(main) {
  const top = h('div', {}), tiles = h('div', {class: 'tiles'}), readings = h('div', {class: 'tiles'}), buttons = h('div', {class: 'row'}), light = h('div', {}), power = h('div', {});
  let made = '', parts = [], lightPart = null, powerPart = null, told = '';
  main.append(h('h1', {class: 'sr'}, 'State'), h('div', {class: 'home'}, h('div', {}, top, tiles, light, readings, buttons), power));
  onState(s => {
    const shape = JSON.stringify([s.channels.map(c => [c.ch, c.kind, c.label, c.max, c.options]), !!s.light, s.light && [s.light.white, s.light.colour], !!s.power, s.buttons]);
    if (shape !== made) {
      made = shape;
      parts = s.channels.map(c => ({ch: c.ch, kind: c.kind, ...(TILES[c.kind] || readingTile)(c)}));
      clear(tiles).append(...parts.filter(p => p.kind !== 'value').map(p => p.element));
      const toggles = parts.filter(p => p.kind === 'toggle');
      if (toggles.length % 2) toggles[0].element.classList.add('hero');
      clear(readings).append(...parts.filter(p => p.kind === 'value').map(p => p.element));
      clear(buttons).append(...scriptButtons(s.buttons));
      lightPart = s.light ? lightCard(s.light) : null;
      clear(light).append(...(lightPart ? [lightPart.element] : []));
      if (!!powerPart !== !!s.power) {
        powerPart = s.power ? powerCard() : null;
        clear(power).append(...(powerPart ? [powerPart.element] : []));
      }
    }
    s.channels.forEach((c, i) => parts[i].update(c));
    if (lightPart) lightPart.update(s.light);
    if (powerPart) powerPart.update(s.power);
    const tell = JSON.stringify([s.safe, s.update && s.update.state, s.restart, s.channels.length]);
    if (tell !== told) { told = tell; clear(top).append(...notices(s)); }
  });
}

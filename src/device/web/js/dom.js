// Building the document: one function that makes an element, and the few widgets every page uses.
'use strict';

// h('button', {class: 'x', onclick: f, disabled: false}, 'text', child …)
function h(tag, attributes, ...children) {
  const svg = SVG_TAGS.has(tag);
  const e = svg ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) e.addEventListener(name.slice(2), value);
    else if (name === 'value' && !svg) e.value = value;
    else e.setAttribute(name, value === true ? '' : value);
  }
  e.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false));
  return e;
}
const SVG_TAGS = new Set(['svg', 'path', 'rect', 'circle', 'line', 'text', 'g', 'defs', 'linearGradient', 'stop', 'title', 'polyline']);

const $ = id => document.getElementById(id);
const clear = e => (e.replaceChildren(), e);

// Line drawings of 24 x 24 for buttons and navigation.
const ICONS = {
  home: 'M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z',
  setup: 'M4 7h10M18 7h2M4 17h2M10 17h10M14 4v6M6 14v6',
  script: 'M8 7l-5 5 5 5M16 7l5 5-5 5M13 5l-2 14',
  console: 'M4 6l6 6-6 6M12 18h8',
  system: 'M12 3v4M12 17v4M3 12h4M17 12h4M12 8.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7M5.600 5.600l2.900 2.900M15.500 15.500l2.900 2.900M5.600 18.400l2.900-2.900M15.500 8.500l2.900-2.900',
  pins: 'M7 4h10v16H7zM3 8h4M3 12h4M3 16h4M17 8h4M17 12h4M17 16h4',
  channels: 'M5 4v6M5 14v6M12 4v2M12 10v10M19 4v9M19 17v3M3 12h4M10 8h4M17 15h4',
  wifi: 'M3 9a13 13 0 0 1 18 0M6 12.500a8.500 8.500 0 0 1 12 0M9 16a4 4 0 0 1 6 0M12 19.500v.1',
  mqtt: 'M4 5a15 15 0 0 1 15 15M4 11a9 9 0 0 1 9 9M4 17a3 3 0 0 1 3 3',
  assistant: 'M3 12l9-8 9 8M6 10v9h12v-9M12 19v-7M12 15l3-2M12 13l-3-2',
  device: 'M6 3h12v18H6zM10 17h4',
  flags: 'M6 21V4M6 5h11l-2 4 2 4H6',
  files: 'M6 3h8l5 5v13H6zM14 3v5h5',
  update: 'M12 4v12M7 11l5 5 5-5M4 20h16',
  backup: 'M4 5h16v4H4zM5 9v10h14V9M10 13h4',
  about: 'M12 11v6M12 7.500v.1M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18',
  power: 'M12 3v9M6.500 7a8 8 0 1 0 11 0',
  back: 'M15 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6L6 18',
};
function icon(name) {
  return h('svg', {viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true'}, h('path', {d: ICONS[name] || ''}));
}

let toastTimer = 0;
function toast(text, bad) {
  const box = clear($('toasts'));
  box.append(h('div', {class: bad ? 'toast bad' : 'toast', role: bad ? 'alert' : null}, text));
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => clear(box), bad ? 8000 : 3500);
}

// Asks in a dialog; resolves to true when the person goes on.
function ask(title, text, yes, danger) {
  return new Promise(resolve => {
    const box = clear($('dialog'));
    const done = answer => { box.close(); resolve(answer); };
    box.oncancel = () => resolve(false);
    box.append(h('h2', {id: 'dialog-title'}, title), h('p', {}, text),
      h('div', {class: 'row end'},
        h('button', {type: 'button', onclick: () => done(false)}, 'Cancel'),
        h('button', {type: 'button', class: danger ? 'danger' : 'primary', id: 'dialog-yes', onclick: () => done(true)}, yes)));
    box.showModal();
  });
}

// A labelled control with help; returns the wrapper, the control has the id.
let fieldNumber = 0;
function field(label, control, help) {
  const id = control.id || 'f' + ++fieldNumber;
  control.id = id;
  const parts = [h('label', {for: id}, label), control];
  if (help) {
    control.setAttribute('aria-describedby', id + '-help');
    parts.push(h('small', {id: id + '-help'}, help));
  }
  return h('div', {class: 'field'}, ...parts);
}

function checkbox(label, checked, onchange, help) {
  const id = 'f' + ++fieldNumber;
  const box = h('input', {type: 'checkbox', id, onchange, role: 'switch', 'aria-describedby': help ? id + '-help' : null});
  box.checked = checked;
  return h('div', {class: 'check'}, box, h('label', {for: id}, label, help && h('small', {id: id + '-help'}, help)));
}

function card(title, ...children) {
  return h('section', {class: 'card'}, title && h('h2', {}, title), ...children);
}

function busy(button, promise) {
  button.disabled = true;
  return promise.finally(() => { button.disabled = false; });
}

function bytesText(n) {
  return n < 1024 ? n + ' B' : n < 1048576 ? (n / 1024).toFixed(1) + ' KiB' : (n / 1048576).toFixed(2) + ' MiB';
}

function durationText(s) {
  const d = Math.floor(s / 86400), hours = Math.floor(s / 3600) % 24, m = Math.floor(s / 60) % 60;
  return d ? d + ' d ' + hours + ' h' : hours ? hours + ' h ' + m + ' min' : m ? m + ' min ' + (s % 60) + ' s' : s + ' s';
}

function saveAs(name, data, type) {
  const url = URL.createObjectURL(new Blob([data], {type}));
  h('a', {href: url, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

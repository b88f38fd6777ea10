// The chart of power or energy over the last hour, day or month, drawn as SVG from the plug's own
// history: an area for power, bars for energy, a gap where the plug was off.

// Name, words, and entries that a full chart has: what is missing at the left was before the plug
// began to measure.
const SPANS = [['hour', 'Hour', 60], ['day', 'Day', 24], ['month', 'Month', 31]];
const CHART = {height: 220, left: 40, right: 8, top: 12, bottom: 24};

function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 5, 10].map(n => n * power).find(n => n >= value) || 10 * power;
}

const roughly = s => s < 60 ? s + ' s' : s < 3600 ? Math.round(s / 60) + ' min' : s < 86400 ? Math.round(s / 3600) + ' h' : Math.round(s / 86400) + ' d';

function timeLabel(history, index) {
  const back = (history.values.length - 1 - index) * history.step;
  if (!history.end) return back ? '-' + roughly(back) : 'now';
  const t = new Date((history.end - back) * 1000);
  return history.step >= 86400 ? t.toLocaleDateString([], {day: 'numeric', month: 'short'})
    : t.toLocaleTimeString([], {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});
}

function amount(history, v) {
  if (v === null) return 'no data';
  if (history.unit === 'Wh') return energyText(v);
  return (v < 10 ? v.toFixed(2) : v.toFixed(1)) + ' W';
}

function describe(history) {
  const known = history.values.filter(v => v !== null);
  if (!known.length) return 'No history yet.';
  const sum = known.reduce((a, b) => a + b, 0), most = Math.max(...known), at = history.values.indexOf(most);
  return history.unit === 'Wh'
    ? 'Sum ' + energyText(sum) + ', most ' + energyText(most) + ' (' + timeLabel(history, at) + ')'
    : 'Mean ' + amount(history, sum / known.length) + ', highest ' + amount(history, most) + ' (' + timeLabel(history, at) + ')';
}

function axis(history, top, x, y) {
  const parts = [], n = history.values.length, c = CHART;
  for (const part of [0, 0.5, 1]) {
    parts.push(h('line', {x1: c.left, x2: c.width - c.right, y1: y(top * part), y2: y(top * part), class: 'grid'}));
    const v = top * part;
    parts.push(h('text', {x: c.left - 6, y: y(v) + 4, 'text-anchor': 'end'}, v >= 1000 ? v / 1000 + ' k' : String(v)));
  }
  const ticks = c.width < 420 ? 2 : 4;
  for (let i = 0; i <= ticks; i++) {
    const index = Math.round((n - 1) * i / ticks);
    parts.push(h('text', {x: i === ticks ? c.width - c.right : i ? x(index) : c.left, y: c.height - 6, 'text-anchor': i === ticks ? 'end' : i ? 'middle' : 'start'}, timeLabel(history, index)));
  }
  return parts;
}

// Runs of known values, so that a gap stays a gap.
function runs(values) {
  const list = [];
  values.forEach((v, i) => {
    if (v === null) return;
    if (i && values[i - 1] !== null) list[list.length - 1].push(i);
    else list.push([i]);
  });
  return list;
}

function draw(history, width) {
  CHART.width = Math.max(280, Math.min(720, width));
  const c = CHART, values = history.values, n = Math.max(values.length, 2);
  const top = niceTop(Math.max(1, ...values.filter(v => v !== null)));
  const step = (c.width - c.left - c.right) / n;
  const bars = history.unit === 'Wh';
  const x = i => c.left + (bars ? (i + 0.5) * step : i * (c.width - c.left - c.right) / (n - 1));
  const y = v => c.height - c.bottom - v / top * (c.height - c.top - c.bottom);
  const marks = bars
    ? values.map((v, i) => v === null ? null : h('rect', {x: (x(i) - step * 0.36).toFixed(1), width: (step * 0.72).toFixed(1), y: y(v).toFixed(1), height: Math.max(0, y(0) - y(v)).toFixed(1), rx: Math.min(4, step / 5), class: 'bar'}))
    : runs(values).flatMap(run => {
      const line = run.map(i => x(i).toFixed(1) + ' ' + y(values[i]).toFixed(1)).join('L');
      return [h('path', {d: 'M' + x(run[0]).toFixed(1) + ' ' + y(0) + 'L' + line + 'L' + x(run[run.length - 1]).toFixed(1) + ' ' + y(0) + 'z', class: 'area'}),
        h('path', {d: 'M' + line, class: 'line'})];
    });
  const cursor = h('g', {class: 'cursor', visibility: 'hidden'}, h('line', {y1: c.top, y2: c.height - c.bottom}), h('circle', {r: 4}));
  const svg = h('svg', {viewBox: '0 0 ' + c.width + ' ' + c.height, class: 'chart', role: 'img', 'aria-label': describe(history), tabindex: 0},
    ...axis(history, top, x, y), ...marks.filter(Boolean), cursor);
  return {svg, cursor, x, y};
}

// Shows the value under the finger, the mouse, or the arrow keys.
function follow(history, picture, readout) {
  const {svg, cursor, x, y} = picture, n = history.values.length;
  let at = n - 1;
  const show = i => {
    at = Math.max(0, Math.min(n - 1, i));
    const v = history.values[at];
    cursor.setAttribute('visibility', 'visible');
    cursor.firstChild.setAttribute('x1', x(at));
    cursor.firstChild.setAttribute('x2', x(at));
    cursor.lastChild.setAttribute('cx', x(at));
    cursor.lastChild.setAttribute('cy', y(v || 0));
    readout.textContent = timeLabel(history, at) + ': ' + amount(history, v);
  };
  const hide = () => { cursor.setAttribute('visibility', 'hidden'); readout.textContent = describe(history); };
  svg.addEventListener('pointermove', e => {
    const box = svg.getBoundingClientRect(), px = (e.clientX - box.left) / box.width * CHART.width;
    let best = 0;
    for (let i = 0; i < n; i++) if (Math.abs(x(i) - px) < Math.abs(x(best) - px)) best = i;
    show(best);
  });
  svg.addEventListener('pointerleave', hide);
  svg.addEventListener('blur', hide);
  svg.addEventListener('keydown', e => {
    const move = {ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: n - 1}[e.key];
    if (move !== undefined) { e.preventDefault(); show(move); }
  });
  hide();
}

// The chart with its choice of span; reloads by itself.
function historyChart() {
  const holder = h('div', {class: 'chart-box'}), readout = h('p', {class: 'readout', 'aria-live': 'polite'});
  let span = localStorage.getItem('span') || 'hour';
  const load = async () => {
    try {
      const history = await get('history?span=' + span), most = SPANS.find(s => s[0] === span)[2];
      if (history.step > 1) while (history.values.length < most) history.values.unshift(null);
      const picture = draw(history, holder.clientWidth || 340);
      clear(holder).append(picture.svg);
      follow(history, picture, readout);
    } catch (e) {
      clear(holder);
      readout.textContent = e.status === 404 ? 'This plug keeps no history.' : e.message;
    }
  };
  const tabs = h('div', {class: 'segments small', role: 'radiogroup', 'aria-label': 'Span of the chart'}, SPANS.flatMap(([id, text]) => {
    const input = h('input', {type: 'radio', name: 'span', id: 'span-' + id, onchange: () => { span = id; localStorage.setItem('span', id); load(); }});
    input.checked = id === span;
    return [input, h('label', {for: 'span-' + id}, text)];
  }));
  load();
  every(20000, load);
  return h('div', {class: 'history'}, h('div', {class: 'row'}, tabs, readout), holder);
}

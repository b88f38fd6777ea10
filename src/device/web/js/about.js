// What this plug is, and the last resorts.

function themeChoice() {
  const now = localStorage.getItem('theme') || 'auto';
  return h('div', {class: 'segments', role: 'radiogroup', 'aria-label': 'Colours'}, [['auto', 'As the system'], ['light', 'Light'], ['dark', 'Dark']].flatMap(([id, text]) => {
    const input = h('input', {type: 'radio', name: 'theme', id: 'theme-' + id, onchange: () => { localStorage.setItem('theme', id); applyTheme(); }});
    input.checked = id === now;
    return [input, h('label', {for: 'theme-' + id}, text)];
  }));
}

function applyTheme() {
  const theme = localStorage.getItem('theme') || 'auto';
  if (theme === 'auto') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.dataset.theme = theme;
}

function aboutPage(main) {
  const facts = h('dl', {class: 'facts list-facts'});
  const factory = () => ask('Back to factory settings?', 'Everything is forgotten, Wi-Fi too; files stay. The plug then opens its own network.', 'Forget everything', true).then(yes => yes && attempt(() => post('factory'), 'Back to factory settings.'));
  const restart = () => ask('Restart the plug?', 'It is away for a few seconds; relays keep their state where the chip can.', 'Restart').then(yes => yes && attempt(() => post('restart'), 'Restarting…'));
  main.append(head('About'), h('div', {class: 'two'},
    card('This plug', facts),
    h('div', {}, card('Colours', themeChoice()),
      card('Restart', h('div', {class: 'row'}, h('button', {type: 'button', id: 'restart', onclick: restart}, 'Restart'), h('button', {type: 'button', class: 'danger', onclick: factory}, 'Factory settings'))),
      card('For programs', h('ul', {class: 'plain'}, [['/api/v2/openapi.json', 'Description of the interface'], ['/metrics', 'Figures for Prometheus'], ['/cm?cmnd=STATUS', 'Status as Tasmota tells it'], ['/app', 'OpenBeken web application']].map(l => h('li', {}, h('a', {href: l[0]}, l[1]))))))));
  let safety = '';
  get('energy').then(e => {
    if (e.meter) safety = 'A power cut loses at most ' + e.safety.cut_loss_wh.toFixed(2) + ' Wh or a minute; the flash lasts ' + e.safety.flash_years + ' years at ' + e.safety.watts + ' W day and night';
  }).catch(() => {});
  onState(s => {
    const rows = [['Firmware', 'Plugsmith ' + s.version], ['Chip', s.chip], ['Name', s.name], ['Short name', s.short], ['Hardware address', s.wifi.mac], ['Address', s.wifi.ip || '—'],
      ['Running for', durationText(s.uptime)], ['Last start', s.reset], ['Clock', s.time ? new Date(s.time * 1000).toLocaleString() : 'not set'],
      ['Temperature of the chip', s.temperature === null || s.temperature === undefined ? '—' : s.temperature.toFixed(1) + ' °C'],
      ['Settings memory', s.memory ? bytesText(s.memory.used) + ' of ' + bytesText(s.memory.store) : '—']];
    if (safety) rows.push(['Counted energy', safety]);
    if (facts.children.length !== rows.length) clear(facts).append(...rows.map(r => h('div', {}, h('dt', {}, r[0]), h('dd', {}))));
    rows.forEach((r, i) => { if (facts.children[i].lastChild.textContent !== String(r[1])) facts.children[i].lastChild.textContent = r[1]; });
  });
}

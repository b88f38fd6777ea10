// Which page is shown: the part of the address behind '#'. Paths of older firmware lead to the same
// pages.

const PAGES = {
  '/': ['State', 'home', homePage], '/setup': ['Setup', 'setup', setupPage], '/script': ['Script', 'script', scriptPage], '/console': ['Console', 'console', consolePage],
  '/pins': ['Pins', 'pins', pinsPage], '/channels': ['Channels', 'channels', channelsPage], '/wifi': ['Wi-Fi', 'wifi', wifiPage], '/mqtt': ['MQTT', 'mqtt', mqttPage],
  '/assistant': ['Home Assistant', 'assistant', assistantPage], '/device': ['Plug and access', 'device', devicePage], '/flags': ['Flags', 'flags', flagsPage],
  '/files': ['Files', 'files', filesPage], '/update': ['Update', 'update', updatePage], '/backup': ['Backup', 'backup', backupPage], '/about': ['About', 'about', aboutPage],
};
const SETUP = [['Set up', ['/pins', '/channels', '/wifi', '/mqtt', '/assistant', '/device', '/flags']], ['Look after', ['/files', '/update', '/backup', '/about']]];
const SUMMARY = {'/pins': 'What hangs on which pin', '/channels': 'Types, labels, after power-up', '/wifi': 'Networks and address', '/mqtt': 'Broker and topics', '/assistant': 'Discovery by MQTT',
  '/device': 'Names, password, time, button', '/flags': '52 switches with words', '/files': 'Scripts and notes on the plug', '/update': 'New firmware, checked first', '/backup': 'Save, restore, take over', '/about': 'Versions, restart, colours'};
const BOOKMARKS = {'/cfg': '/setup', '/cfg_pins': '/pins', '/cfg_startup': '/channels', '/cfg_wifi': '/wifi', '/cfg_ip': '/wifi', '/cfg_ping': '/wifi', '/cfg_mqtt': '/mqtt', '/ha_cfg': '/assistant',
  '/cfg_name': '/device', '/cfg_mac': '/device', '/cfg_dgr': '/device', '/cfg_webapp': '/device', '/cfg_generic': '/flags', '/startup_command': '/script', '/cmd_tool': '/console',
  '/cfg_loglevel': '/console', '/logs': '/console', '/ota': '/update', '/about': '/about'};
const TABS = ['/', '/setup', '/script', '/console'];

const pageNow = () => PAGES[location.hash.slice(1)] ? location.hash.slice(1) : '/';

// Heading of a page below Setup, with the way back for phones.
function head(title) {
  const below = !TABS.includes(pageNow());
  return h('div', {class: 'head'}, below ? h('a', {href: '#/setup', class: 'back', 'aria-label': 'Back to Setup'}, icon('back')) : null, h('h1', {}, title));
}

function setupPage(main) {
  main.append(h('h1', {}, 'Setup'), ...SETUP.map(([title, paths]) => h('section', {'aria-label': title}, h('h2', {class: 'group'}, title),
    h('div', {class: 'menu'}, paths.map(p => h('a', {href: '#' + p, class: 'menu-row'}, icon(PAGES[p][1]), h('span', {}, h('strong', {}, PAGES[p][0]), h('small', {}, SUMMARY[p]))))))));
}

// Repeats work while the page that asked is shown.
let timers = [];
function every(ms, work) { timers.push(setInterval(() => { if (!document.hidden) work(); }, ms)); }

let shownPage = null, visit = 0;
async function go() {
  const path = pageNow(), page = PAGES[path], main = clear($('main')), mine = ++visit;
  timers.forEach(clearInterval);
  timers = [];
  live.watchers.clear();
  live.watchers.add(headerState);
  drawNav(path);
  document.title = page[0] + ' · ' + (live.state ? live.state.name : 'Plug');
  if (shownPage !== path && shownPage !== null) { scrollTo(0, 0); main.focus({preventScroll: true}); }
  shownPage = path;
  const box = h('div', {class: 'page'});
  main.append(box);
  try { await page[2](box); } catch (e) {
    if (mine !== visit) return;
    box.append(head(page[0]), h('div', {class: 'notice'}, h('div', {}, h('strong', {}, 'This page could not be loaded'), h('p', {}, e.message)), h('button', {type: 'button', onclick: go}, 'Try again')));
  }
}

function drawNav(path) {
  const link = p => h('a', {href: '#' + p, 'aria-current': p === path ? 'page' : null, class: p === '/setup' && !TABS.includes(path) ? 'within' : ''}, icon(PAGES[p][1]), h('span', {}, PAGES[p][0]));
  clear($('nav')).append(h('div', {class: 'tabs'}, TABS.map(link)),
    h('div', {class: 'side'}, link('/'), SETUP.map(([title, paths], i) => [h('h2', {}, title), paths.map(link), i ? null : [link('/script')]]), h('h2', {}, 'Watch'), link('/console')));
}

let chipsTold = '';
function headerState(s) {
  $('device-name').textContent = s.name;
  const bars = s.wifi.rssi >= -55 ? 'strong' : s.wifi.rssi >= -70 ? 'fair' : 'weak';
  const chips = [['Wi-Fi ' + (s.wifi.state === 'connected' ? bars : s.wifi.state), s.wifi.state === 'connected' ? 'good' : 'warn', '#/wifi'],
    s.mqtt.state === 'off' ? null : ['MQTT ' + (s.mqtt.state === 'connected' ? '' : s.mqtt.state), s.mqtt.state === 'connected' ? 'good' : 'warn', '#/mqtt'],
    s.safe ? ['Safe mode', 'bad', '#/'] : null].filter(Boolean);
  const text = JSON.stringify(chips);
  if (text === chipsTold) return;
  chipsTold = text;
  clear($('chips')).append(...chips.map(c => h('a', {class: 'chip ' + c[1], href: c[2]}, c[0].trim())));
  document.title = PAGES[pageNow()][0] + ' · ' + s.name;
}

applyTheme();
if (!location.hash && BOOKMARKS[location.pathname]) history.replaceState(null, '', '/#' + BOOKMARKS[location.pathname]);
addEventListener('hashchange', go);
go();
startLive();

// Drives the pages as a person with a phone does: toggle, chart, pins, script, files, backup and
// restore, import, update; then looks at every page on phone and desktop, light and dark.
import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync, readdirSync, writeFileSync, rmSync} from 'node:fs';
import {resolve} from 'node:path';
import {audit} from './audit.mjs';
import {Plug} from './plug.mjs';
import {Browser, sleep} from './webdriver.mjs';

const out = resolve(process.env.BUILD_DIR || 'build/host', 'test-output/pages');
rmSync(out, {recursive: true, force: true});
mkdirSync(out + '/downloads', {recursive: true});
const template = {vendor: 'Test', name: 'Plug', board: 'CB2S', chip: 'BK7231N', flags: '1024', command: '',
  pins: {6: 'BL0937SEL', 7: 'BL0937CF1', 8: 'BL0937CF', 24: 'Btn;1', 26: 'Rel;1'}};
writeFileSync(out + '/plug.json', JSON.stringify(template));

// A firmware image of our own kind: header with chip, version, size and SHA-256, then content.
function image(version) {
  const content = Buffer.alloc(20000, version), header = Buffer.alloc(256);
  header.write('PLUGSMI1');
  header.writeUInt32LE(content.length, 8);
  header.write('BK7231N', 16);
  header.write(version, 32);
  createHash('sha256').update(content).digest().copy(header, 64);
  let crc = 0xffffffff;
  for (const byte of header.subarray(0, 252)) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  header.writeUInt32LE(~crc >>> 0, 252);
  return Buffer.concat([header, content]);
}

let plug, phone;
function same(what, is, wanted) {
  if (JSON.stringify(is) !== JSON.stringify(wanted)) throw new Error(`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`);
}
const page = path => phone.run('location.hash = arguments[0]', '#' + path);
const relay = async () => (await plug.state()).channels.find(c => c.ch === 1).value;
const relayShown = on => phone.until('the switch shows ' + on, 'const e = document.getElementById("ch1"); return e && e.getAttribute("aria-checked") === arguments[0]', String(on));

const steps = {
  async 'the state page shows the plug'() {
    await phone.open(plug.base + '/');
    await phone.see('#ch1');
    await phone.seeText('Power now');
  },
  async 'a tap switches the relay'() {
    await phone.click('#ch1');
    await plug.until('relay on', async () => await relay() === 1);
    await relayShown(true);
    await phone.until('power is shown', 'return parseFloat(document.querySelector(".big").textContent) > 50');
    await phone.screenshot(out + '/state-on.png');
  },
  async 'a change from elsewhere is seen without reload'() {
    await phone.run('window.untouched = 1');
    await plug.command('setChannel 1 0');
    await relayShown(false);
    same('reloaded', await phone.run('return window.untouched'), 1);
  },
  async 'the keyboard is enough'() {
    await phone.run('document.getElementById("ch1").focus()');
    await phone.keys(' ');
    await relayShown(true);
    await plug.until('relay on', async () => await relay() === 1);
  },
  async 'the chart shows the history of the plug'() {
    plug.console(':run 20m');
    await plug.until('time has passed', async () => (await plug.state()).uptime > 1200);
    await phone.open(plug.base + '/');
    await phone.see('svg.chart path.line');
    await phone.run('document.querySelector("svg.chart").focus()');
    await phone.keys('\uE012'); // arrow left
    await phone.until('the readout follows', 'return / W$/.test(document.querySelector(".readout").textContent)');
    plug.console(':run 50m');
    await plug.until('an hour has passed', async () => (await plug.state()).uptime > 4100);
    await phone.click('label[for=span-day]');
    await phone.see('svg.chart rect.bar');
    await phone.screenshot(out + '/chart-day.png');
    await phone.click('label[for=span-hour]');
  },
  async 'pins are edited beside the drawing'() {
    await page('/pins');
    await phone.see('svg.module');
    await phone.set('#module', 'CB2S');
    await phone.set('#pin10', '5');
    await phone.set('#ch-10', '2');
    await phone.seeText('LED 2', 'svg.module text');
    await phone.screenshot(out + '/pins-edit.png');
    await phone.click('#save-pins');
    await plug.until('pin saved', async () => (await plug.get('/api/v2/pins')).pins[10].role === 5);
    same('channel', (await plug.get('/api/v2/pins')).pins[10].ch, 2);
    await phone.until('the bar is gone', 'return document.querySelector(".savebar").hidden');
    same('module kept', (await plug.get('/api/v2/files/plug.json')).module, 'CB2S');
  },
  async 'a drawn pad leads to its pin'() {
    await phone.run('document.querySelector("svg.module g[role=button][aria-label^=P26]").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true}))');
    same('focus', await phone.run('return document.activeElement.id'), 'pin26');
  },
  async 'channels get a label that lasts'() {
    await page('/channels');
    await phone.see('#label1');
    await phone.set('#label1', 'Kettle');
    await phone.run('[...document.querySelectorAll("main button")].find(b => b.textContent === "Save channels").click()');
    await plug.until('label', async () => (await plug.state()).channels.find(c => c.ch === 1).label === 'Kettle');
    same('startup', await plug.setting('startup'), 'setChannelLabel 1 Kettle');
  },
  async 'the script editor shows what the plug objects to'() {
    await page('/script');
    await phone.see('#script');
    await phone.until('the script is there', 'return document.getElementById("script").value.includes("Kettle")');
    await phone.set('#script', 'setChannelLabel 1 Kettle\nsetChanel 2 1');
    await phone.seeText('Line 2, column 1', '.finding');
    await phone.screenshot(out + '/script-finding.png');
    await phone.click('.finding');
    same('cursor', await phone.run('return document.getElementById("script").selectionStart'), 25);
    await phone.set('#script', 'setChannelLabel 1 Kettle\nsetChannel 2 1');
    await phone.seeText('No mistakes', '.fine');
    await phone.click('#save-script');
    await plug.until('script saved', async () => await plug.setting('startup') === 'setChannelLabel 1 Kettle\nsetChannel 2 1');
  },
  async 'long scripts are checked whole'() {
    await phone.click('label[for=script-1]');
    await phone.until('autoexec.bat is open', 'return document.getElementById("script").value === ""');
    await phone.set('#script', 'alias mine setChannel 1 1\n' + 'setChannel 1 1\n'.repeat(300) + 'mine\nnonsense 1\n');
    await phone.seeText('Line 303, column 1', '.finding');
    same('findings', await phone.count('.finding'), 1);
    await phone.set('#script', '');
    await phone.click('label[for=script-0]');
    await phone.until('the startup command is back', 'return document.getElementById("script").value.includes("Kettle")');
  },
  async 'settings say what is wrong with them'() {
    await page('/mqtt');
    await phone.see('#s-mqtt_port');
    await phone.set('#s-mqtt_port', '70000');
    same('refused', await phone.run('return document.getElementById("s-mqtt_port").checkValidity()'), false);
    await phone.set('#s-mqtt_port', '1884');
    await phone.set('#s-mqtt_client', 'kettle');
    await phone.run('document.getElementById("s-mqtt_port").form.requestSubmit()');
    await plug.until('port saved', async () => await plug.setting('mqtt_port') === 1884);
    same('client', await plug.setting('mqtt_client'), 'kettle');
  },
  async 'flags are switches with words'() {
    await page('/flags');
    await phone.seeText('Retain relay channels');
    await phone.run('[...document.querySelectorAll(".check")].find(c => c.textContent.includes("Retain relay channels")).querySelector("input").click()');
    await plug.until('flag 21', async () => await plug.setting('flags') === 1024 + 2 ** 21);
    await phone.run('[...document.querySelectorAll(".check")].find(c => c.textContent.includes("Energy in kWh")).querySelector("input").click()');
    await plug.until('flag 40', async () => await plug.setting('flags2') === 2 ** 8);
  },
  async 'the console runs commands and shows the log'() {
    await page('/console');
    await phone.see('#command');
    await phone.type('#command', 'Power OFF\n');
    await plug.until('off', async () => await relay() === 0);
    await phone.seeText('POWER', '.log .answer');
    await phone.type('#command', 'nonsense\n');
    await phone.seeText('nonsense', '.log .failed');
  },
  async 'files are written and deleted'() {
    await page('/files');
    await phone.see('#file-name');
    await phone.type('#file-name', 'hello.txt\n');
    await phone.see('#file-text');
    await phone.set('#file-text', 'good day');
    await phone.run('[...document.querySelectorAll("main button")].find(b => b.textContent === "Save" && b.className === "primary").click()');
    await plug.until('file', async () => (await plug.get('/api/v2/files')).files.some(f => f.name === 'hello.txt' && f.size === 8));
  },
  async 'a backup brings the plug back'() {
    await page('/backup');
    await phone.see('#backup');
    await phone.click('#backup');
    const file = await plug.until('download', () => readdirSync(out + '/downloads').find(f => f.endsWith('.json')));
    const backup = JSON.parse(readFileSync(`${out}/downloads/${file}`));
    same('backup', [backup.plugsmith, backup.settings.mqtt_client, backup.files.some(f => f.name === 'hello.txt')], [1, 'kettle', true]);
    await plug.post('/api/v2/settings', '{"mqtt_client":"other"}');
    await fetch(plug.base + '/api/v2/files/hello.txt', {method: 'DELETE'});
    await phone.type('#restore-file', `${out}/downloads/${file}`);
    await phone.click('#restore');
    await phone.see('#dialog-yes');
    await phone.screenshot(out + '/restore.png');
    await phone.click('#dialog-yes');
    await plug.until('restored', async () => await plug.setting('mqtt_client') === 'kettle');
    same('file', (await plug.get('/api/v2/files')).files.some(f => f.name === 'hello.txt'), true);
    same('relay pin', (await plug.get('/api/v2/pins')).pins[26].role, 1);
  },
  async 'a damaged backup is refused in words'() {
    await page('/setup');
    await page('/backup');
    await phone.see('#restore-file');
    writeFileSync(out + '/damaged.json', '{"plugsmith":1,"settings":{"mqtt_port":99999}}');
    await phone.type('#restore-file', out + '/damaged.json');
    await phone.click('#restore');
    await phone.see('#dialog-yes');
    await phone.click('#dialog-yes');
    await phone.seeText('the plug does not take its value of mqtt_port', '.toast.bad');
  },
  async 'a pasted template becomes pins'() {
    await phone.set('#import-text', JSON.stringify({...template, name: 'Strip', pins: {26: 'Rel;1', 24: 'Rel;2', 8: 'Btn;1;2'}}));
    await phone.click('#import');
    await phone.seeText('P24', '#import-preview');
    await phone.screenshot(out + '/import.png');
    await phone.click('#import-apply');
    await plug.until('pins', async () => (await plug.get('/api/v2/pins')).pins[24].role === 1);
    const pins = (await plug.get('/api/v2/pins')).pins;
    same('pins', [pins[8].role, pins[8].ch2, pins[7].role], [3, 2, 0]);
    await page('/');
    await phone.see('#ch2');
  },
  async 'a wrong image is refused and nothing happens'() {
    await page('/update');
    await phone.see('#image');
    writeFileSync(out + '/OpenBK7231N_wrong.rbl', 'this is no firmware'.repeat(300));
    await phone.type('#image', out + '/OpenBK7231N_wrong.rbl');
    await phone.click('#start-update');
    await phone.seeText('Not installed', '#update-text');
    await phone.screenshot(out + '/update-refused.png');
  },
  async 'a good image is installed, tried and kept'() {
    writeFileSync(out + '/OpenBK7231N_9.8.7.bin', image('9.8.7'));
    await page('/setup');
    await page('/update');
    await phone.see('#image');
    await phone.type('#image', out + '/OpenBK7231N_9.8.7.bin');
    await phone.click('#start-update');
    await phone.see('#dialog-yes');
    await phone.seeText('version 9.8.7', '#update-text');
    await phone.screenshot(out + '/update-ready.png');
    await phone.click('#dialog-yes');
    await plug.until('the new version runs', async () => (await plug.state()).version === '9.8.7');
    await phone.seeText('The plug runs version 9.8.7 now', '#update-text');
    plug.console(':run 2m');
    await plug.until('the trial is over', async () => (await plug.state()).update.state === 'idle');
    const s = await plug.state();
    same('after the update', [s.version, await plug.setting('mqtt_client')], ['9.8.7', 'kettle']);
  },
  async 'old bookmarks lead to the right page'() {
    for (const [path, title] of [['/cfg_pins', 'Pins'], ['/cfg_mqtt', 'MQTT'], ['/ota', 'Update'], ['/startup_command', 'Script'], ['/cfg', 'Setup'], ['/index', 'State']]) {
      await phone.open(plug.base + path);
      await phone.until(path + ' shows ' + title, 'const h = document.querySelector("h1"); return h && h.textContent === arguments[0]', title);
    }
  },
};

const VIEWS = [['/', 'State'], ['/setup', 'Setup'], ['/pins', 'Pins'], ['/channels', 'Channels'], ['/wifi', 'Wi-Fi'], ['/mqtt', 'MQTT'], ['/assistant', 'Home Assistant'],
  ['/device', 'Plug and access'], ['/flags', 'Flags'], ['/script', 'Script'], ['/console', 'Console'], ['/files', 'Files'], ['/update', 'Update'], ['/backup', 'Backup and import'], ['/about', 'About']];
async function lookAt(browser, name, views, themes) {
  const faults = [];
  await browser.open(plug.base + '/');
  for (const [view, title] of views) {
    await browser.run('location.hash = arguments[0]', '#' + view);
    await browser.until(view + ' is there', 'const h = document.querySelector("main h1"); return h && h.textContent === arguments[0] && !document.querySelector(".notice")', title);
    await sleep(120);
    for (const theme of themes) {
      await browser.theme(theme);
      const found = await browser.run(audit);
      faults.push(...found.map(f => `${name} ${theme} ${view}: ${f}`));
      await browser.screenshot(`${out}/${name}-${theme}-${view.slice(1) || 'state'}.png`, true);
    }
  }
  return faults;
}

// The pages look the same whatever the plug was built with, so one build is looked at.
async function looks() {
  if (/asan/.test(out)) return [];
  await plug.command('setChannel 1 1').catch(() => 0);
  const faults = await lookAt(phone, 'phone', VIEWS, ['light', 'dark']);
  const desk = await Browser.start({width: 1280, height: 860});
  faults.push(...await lookAt(desk, 'desktop', VIEWS.filter(v => ['/', '/pins', '/flags', '/script'].includes(v[0])), ['light', 'dark']));
  await desk.stop();
  return faults;
}

async function main() {
  plug = await Plug.start('--template', out + '/plug.json', '--load', '0m 60W; 10m 12W; 15m 60W');
  phone = await Browser.start({width: 390, height: 844, mobile: true, downloads: out + '/downloads'});
  let failed = 0;
  for (const [what, step] of Object.entries(steps)) {
    const began = Date.now();
    try {
      await step();
      console.log(`ok    ${what} (${Date.now() - began} ms)`);
    } catch (e) {
      failed++;
      console.log(`FAIL  ${what}: ${e.message}`);
      await phone.screenshot(`${out}/failed-${failed}.png`, true).catch(() => 0);
    }
  }
  const faults = await looks();
  for (const f of new Set(faults)) console.log('FAIL  ' + f);
  console.log(failed || faults.length ? `${failed} steps and ${faults.length} looks failed` : `all good; screenshots in ${out}`);
  return failed || faults.length ? 1 : 0;
}

let code = 1;
try { code = await main(); } catch (e) { console.log('FAIL  ' + e.stack); }
if (phone) await phone.stop().catch(() => 0);
if (plug) plug.stop();
process.exit(code);

// A browser as a person's stand-in: the W3C WebDriver protocol, spoken to chromedriver with fetch,
// so that no package of npm is needed. Only what the tests of the pages use.
import {spawn} from 'node:child_process';
import {writeFileSync} from 'node:fs';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
// How long what comes may take on a busy machine (ms); only what never comes fails.
export const PATIENCE = 90000;
export const sleep = ms => new Promise(done => setTimeout(done, ms));

export class Browser {
  static async start({width, height, mobile = false, downloads}) {
    const b = new Browser();
    b.driver = spawn('chromedriver', ['--port=0'], {stdio: ['ignore', 'pipe', 'ignore'], env: {...process.env, LC_ALL: 'C.UTF-8'}});
    b.base = await new Promise((resolve, reject) => {
      let text = '';
      b.driver.stdout.on('data', data => {
        text += data;
        const port = /successfully on port (\d+)/.exec(text);
        if (port) resolve('http://127.0.0.1:' + port[1]);
      });
      b.driver.on('error', reject);
      b.driver.on('exit', () => reject(new Error('chromedriver ended: ' + text)));
    });
    const args = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars', '--no-first-run', '--window-size=' + width + ',' + height];
    const options = {args, prefs: {'download.default_directory': downloads || '/tmp', 'download.prompt_for_download': false}};
    if (mobile) options.mobileEmulation = {deviceMetrics: {width, height, pixelRatio: 2, touch: true}};
    const capabilities = {alwaysMatch: {browserName: 'chrome', 'goog:chromeOptions': options, 'goog:loggingPrefs': {browser: 'ALL'}}};
    const session = await b.call('POST', '/session', {capabilities});
    b.base += '/session/' + session.sessionId;
    if (!mobile) await b.cdp('Emulation.setDeviceMetricsOverride', {width, height, deviceScaleFactor: 1, mobile: false});
    return b;
  }

  async call(method, path, body) {
    const reply = await fetch(this.base + path, {method, body: body && JSON.stringify(body)});
    const {value} = await reply.json();
    if (value && value.error) throw new Error(value.error + ': ' + value.message.split('\n')[0]);
    return value;
  }

  async stop() {
    await this.call('DELETE', '').catch(() => 0);
    this.driver.kill();
  }

  open(url) { return this.call('POST', '/url', {url}); }
  url() { return this.call('GET', '/url'); }
  cdp(cmd, params) { return this.call('POST', '/goog/cdp/execute', {cmd, params}); }
  run(script, ...args) { return this.call('POST', '/execute/sync', {script, args}); }
  theme(value) { return this.cdp('Emulation.setEmulatedMedia', {features: [{name: 'prefers-color-scheme', value}]}); }
  async element(css) { return (await this.call('POST', '/element', {using: 'css selector', value: css}))[ELEMENT]; }
  async click(css) {
    await this.run('document.querySelector(arguments[0]).scrollIntoView({block: "center"})', css);
    return this.call('POST', `/element/${await this.element(css)}/click`, {});
  }
  async type(css, text) { return this.call('POST', `/element/${await this.element(css)}/value`, {text}); }
  text(css) { return this.run('const e = document.querySelector(arguments[0]); return e && e.textContent', css); }
  attribute(css, name) { return this.run('const e = document.querySelector(arguments[0]); return e && e.getAttribute(arguments[1])', css, name); }
  count(css) { return this.run('return document.querySelectorAll(arguments[0]).length', css); }

  // As a person would: the value changes and the page is told.
  set(css, value) {
    return this.run('const e = document.querySelector(arguments[0]); e.value = arguments[1]; e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true}))', css, value);
  }
  async keys(...keys) {
    const actions = keys.flatMap(value => [{type: 'keyDown', value}, {type: 'keyUp', value}]);
    return this.call('POST', '/actions', {actions: [{type: 'key', id: 'keyboard', actions}]});
  }

  // Waits until the script returns something true, and returns it.
  async until(what, script, ...args) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const value = await this.run(script, ...args).catch(() => null);
      if (value) return value;
      if (Date.now() > end) throw new Error('never happened: ' + what);
      await sleep(50);
    }
  }
  see(css) { return this.until(css + ' appears', 'return !!document.querySelector(arguments[0])', css); }
  seeText(text, css = 'body') { return this.until(`"${text}" in ${css}`, 'return [...document.querySelectorAll(arguments[1])].some(e => e.textContent.includes(arguments[0]))', text, css); }

  // The whole page, not only what fits on the screen.
  async screenshot(file, whole = false) {
    const shot = await this.cdp('Page.captureScreenshot', {format: 'png', captureBeyondViewport: whole});
    writeFileSync(file, Buffer.from(shot.data, 'base64'));
  }
  problems() { return this.call('POST', '/se/log', {type: 'browser'}).then(list => list.filter(l => l.level === 'SEVERE').map(l => l.message)); }
}

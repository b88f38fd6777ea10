// A virtual plug on the network as a test's other end: started, spoken to over REST and at its
// console, ended.
import {spawn} from 'node:child_process';
import {sleep} from './webdriver.mjs';

export class Plug {
  static async start(...more) {
    const p = new Plug();
    const port = 16000 + process.pid % 4000; // below the ports that the kernel hands out
    p.base = `http://127.0.0.1:${port}`;
    p.process = spawn(process.env.PLUGSMITH || 'build/host/plugsmith', ['sim', '--http', `127.0.0.1:${port}`, ...more], {stdio: ['pipe', 'pipe', 'pipe']});
    p.output = '';
    for (const stream of [p.process.stdout, p.process.stderr]) stream.on('data', data => { p.output += data; });
    for (let i = 0; i < 100; i++) {
      if (await p.state().catch(() => null)) return p;
      await sleep(50);
    }
    throw new Error('the virtual plug does not answer: ' + p.output.slice(0, 500));
  }

  stop() { this.process.kill(); }
  console(line) { this.process.stdin.write(line + '\n'); }
  async get(path) { return (await fetch(this.base + path)).json(); }
  async post(path, body) { return (await fetch(this.base + path, {method: 'POST', body})).json(); }
  state() { return this.get('/api/v2/state'); }
  command(line) { return this.post('/api/cmnd', line); }
  async setting(name) { return (await this.get('/api/v2/settings')).settings.find(s => s.name === name).value; }

  async until(what, test) {
    const end = Date.now() + 15000;
    for (;;) {
      const value = await Promise.resolve().then(test).catch(() => null);
      if (value) return value;
      if (Date.now() > end) throw new Error('the plug never got there: ' + what);
      await sleep(50);
    }
  }
}

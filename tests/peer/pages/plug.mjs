// A virtual plug on the network as a test's other end: started, spoken to over REST and at its
// console, ended.
import {spawn} from 'node:child_process';
import {PATIENCE, sleep} from './webdriver.mjs';

export class Plug {
  static async start(...more) {
    const p = new Plug();
    const port = 16000 + process.pid % 4000; // below the ports that the kernel hands out
    p.base = `http://127.0.0.1:${port}`;
    p.process = spawn(process.env.PLUGSMITH || 'build/host/plugsmith', ['sim', '--http', `127.0.0.1:${port}`, ...more], {stdio: ['pipe', 'pipe', 'pipe']});
    p.output = '';
    for (const stream of [p.process.stdout, p.process.stderr]) stream.on('data', data => { p.output += data; });
    await p.until('it answers', () => p.state()).catch(e => { throw new Error(e.message + ': ' + p.output.slice(0, 500)); });
    return p;
  }

  stop() { this.process.kill(); }
  console(line) { this.process.stdin.write(line + '\n'); }
  async get(path) { return (await fetch(this.base + path)).json(); }
  async post(path, body) { return (await fetch(this.base + path, {method: 'POST', body})).json(); }
  state() { return this.get('/api/v2/state'); }
  command(line) { return this.post('/api/cmnd', line); }
  async setting(name) { return (await this.get('/api/v2/settings')).settings.find(s => s.name === name).value; }

  async until(what, test) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const value = await Promise.resolve().then(test).catch(() => null);
      if (value) return value;
      if (Date.now() > end) throw new Error('the plug never got there: ' + what);
      await sleep(50);
    }
  }
}

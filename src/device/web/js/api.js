// Talking to the plug. Everything the pages ask for is in /api/v2 or is a command line.

class ApiError extends Error {
  constructor(status, message, field) { super(message); this.status = status; this.field = field; }
}

async function readError(reply) {
  let text = '';
  try { text = await reply.text(); } catch { /* the line broke: the status says enough */ }
  try {
    const e = JSON.parse(text);
    return new ApiError(reply.status, e.msg || text, e.field);
  } catch {
    return new ApiError(reply.status, reply.status === 403 ? 'This account may only look.' : text.slice(0, 200) || 'The plug answered ' + reply.status);
  }
}

// The plug answers within seconds or not at all.
async function request(method, path, body, seconds = 10) {
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), seconds * 1000);
  let reply;
  try {
    reply = await fetch(path, {method, body, signal: stop.signal, cache: 'no-store'});
    if (reply.ok) return path.startsWith('/api/v2/files/') ? await reply.arrayBuffer() : await reply.json();
  } catch (e) {
    throw e instanceof SyntaxError ? new ApiError(0, 'The answer of the plug was cut off.')
      : new ApiError(0, 'No answer from the plug. Is it switched on and in reach?');
  } finally { clearTimeout(timer); }
  throw await readError(reply);
}

const get = path => request('GET', '/api/v2/' + path);
const post = (path, value, seconds) =>
  request('POST', '/api/v2/' + path, typeof value === 'string' || value instanceof Blob || value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? value : JSON.stringify(value || {}), seconds);

// Runs a command line of the plug; the answer's `res` is what the command says.
async function command(line) {
  const reply = await fetch('/api/cmnd', {method: 'POST', body: line});
  let answer = null;
  try { answer = await reply.json(); } catch { /* some commands answer nothing */ }
  if (!reply.ok) throw new ApiError(reply.status, answer && answer.msg ? line.split(' ')[0] + ': ' + answer.msg : 'The plug refused: ' + reply.status);
  return answer;
}

// For event handlers: shows what went wrong instead of losing it.
async function attempt(work, done) {
  try {
    const result = await work();
    if (done) toast(typeof done === 'function' ? done(result) : done);
    return result;
  } catch (e) {
    toast(e.message, true);
    return undefined;
  }
}

// Uploads with progress, which fetch cannot tell.
function upload(path, data, progress) {
  return new Promise((resolve, reject) => {
    const x = new XMLHttpRequest();
    x.open('POST', path);
    x.timeout = 300000;
    x.upload.onprogress = e => progress(e.loaded, e.total);
    x.onerror = () => reject(new ApiError(0, 'The connection broke during the upload; the plug keeps what it had.'));
    x.ontimeout = () => reject(new ApiError(0, 'No answer for five minutes; look at the state before trying again.'));
    x.onload = () => {
      let answer = {};
      try { answer = JSON.parse(x.responseText); } catch { answer = {msg: x.responseText.slice(0, 200)}; }
      if (x.status >= 200 && x.status < 300) resolve(answer);
      else reject(new ApiError(x.status, answer.msg || 'The plug answered ' + x.status, answer.field));
    };
    x.send(data);
  });
}

// The plug's state, kept fresh by server-sent events, or by asking each second where they fail.
const live = {state: null, online: true, watchers: new Set()};

// Calls `watch` with each new state until the page that asked is left (see main.js).
function onState(watch) {
  live.watchers.add(watch);
  if (live.state) watch(live.state);
}

function gotState(state) {
  live.state = state;
  live.heard = Date.now();
  setOnline(true);
  for (const watch of live.watchers) watch(state);
}

function setOnline(online) {
  if (live.online !== online) {
    live.online = online;
    document.body.classList.toggle('offline', !online);
    toast(online ? 'The plug answers again.' : 'The plug does not answer; trying on.', !online);
  }
}

async function askState() {
  try { gotState(await get('state')); } catch { setOnline(false); }
}

function listen() {
  const source = new EventSource('/api/v2/events');
  source.addEventListener('state', e => { live.streamed = Date.now(); gotState(JSON.parse(e.data)); });
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 15000);
  };
  addEventListener('pagehide', () => source.close());
}

function startLive() {
  askState();
  listen();
  setInterval(() => {
    if (document.hidden) return;
    if (Date.now() - (live.streamed || 0) > 7000) askState();
  }, 1000);
  document.addEventListener('visibilitychange', () => document.hidden || askState());
}

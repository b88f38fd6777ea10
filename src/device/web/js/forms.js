// Forms made from the plug's table of settings. A page names the settings it shows; type, range,
// length and help come from the plug.

// Names in words; what is missing is shown by its own name.
const LABELS = {
  name_long: 'Friendly name', name_short: 'Short name', wifi_ssid: 'Network name', wifi_pass: 'Network password',
  wifi_ssid2: 'Second network', wifi_pass2: 'Password of the second network', mqtt_host: 'Broker', mqtt_port: 'Port',
  mqtt_client: 'Client id', mqtt_group: 'Group topic', mqtt_user: 'User name', mqtt_pass: 'Password', mqtt_tls: 'Encrypted (TLS)',
  mqtt_verify: 'Check the certificate', mqtt_cert: 'Certificate file', button_short: 'Longest click', button_long: 'Shortest hold',
  button_repeat: 'Repetition while held', boot_ok: 'Start counts as good after', web_password: 'Password of these pages',
  webapp: 'Web application', ping_host: 'Host to ping', ping_interval: 'Between pings', ping_seconds: 'Reconnect after silence of',
  ntp_server: 'Time server', dgr_name: 'Device group', led_map: 'Order of colours', web_off: 'Switch these pages off',
};
const label = s => LABELS[s.name] || s.name;

async function settings() {
  const all = await get('settings');
  return new Map(all.settings.map(s => [s.name, s]));
}

function control(s) {
  if (s.type === 'bool') return null;
  const input = h('input', {id: 's-' + s.name, name: s.name, autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false'});
  if (s.type === 'int' || s.type === 'uint') {
    input.type = 'number';
    input.inputMode = 'numeric';
    if (s.max > s.min) { input.min = s.min; input.max = s.max; }
  } else if (s.secret) {
    input.type = 'password';
    input.autocomplete = 'new-password';
    input.placeholder = s.set ? 'unchanged' : 'none';
  }
  if (s.length) input.maxLength = s.length;
  if (!s.secret) input.value = s.value === undefined ? '' : s.value;
  return input;
}

const help = s => s.help && s.help.toLowerCase() !== label(s).toLowerCase() ? s.help[0].toUpperCase() + s.help.slice(1) : null;

// One setting as a labelled control; `changed` collects what differs.
function settingField(s, changed) {
  if (s.type === 'bool') return checkbox(label(s), !!s.value, e => changed.set(s.name, e.target.checked ? 1 : 0), help(s));
  const input = control(s);
  input.addEventListener('input', () => {
    const value = input.type === 'number' ? Number(input.value) : input.value;
    if (!s.secret && String(value) === String(s.value)) changed.delete(s.name);
    else changed.set(s.name, value);
  });
  const box = field(label(s), input, help(s));
  if (s.secret) addSecretTools(box, input, s, changed);
  return box;
}

function addSecretTools(box, input, s, changed) {
  const show = h('button', {type: 'button', class: 'quiet', 'aria-pressed': 'false', onclick: () => {
    const seen = input.type === 'text';
    input.type = seen ? 'password' : 'text';
    show.setAttribute('aria-pressed', String(!seen));
    show.textContent = seen ? 'Show' : 'Hide';
  }}, 'Show');
  const parts = [show];
  if (s.set) parts.push(h('button', {type: 'button', class: 'quiet', onclick: () => {
    input.value = '';
    input.placeholder = 'will be removed';
    changed.set(s.name, '');
  }}, 'Remove'));
  input.after(h('div', {class: 'row tools'}, parts));
}

// A whole form. `after` is told when it was saved; `more` are further elements before the button.
function settingsForm(all, names, after, more) {
  const changed = new Map();
  const fields = names.filter(n => all.has(n)).map(n => settingField(all.get(n), changed));
  const save = h('button', {class: 'primary', type: 'submit'}, 'Save');
  const form = h('form', {novalidate: true}, ...fields, ...(more || []), h('div', {class: 'row end'}, save));
  form.addEventListener('submit', async e => {
    e.preventDefault();
    if (!form.reportValidity()) return;
    if (!changed.size) { toast('Nothing was changed.'); return; }
    await busy(save, saveSettings(Object.fromEntries(changed), form, () => {
      for (const [name, value] of changed) Object.assign(all.get(name), all.get(name).secret ? {set: value !== ''} : {value});
      changed.clear();
      if (after) after();
    }));
  });
  form.changed = changed;
  return form;
}

async function saveSettings(values, form, done) {
  try {
    const answer = await post('settings', values);
    if (done) done(answer);
    if (answer.restart) {
      if (await ask('Restart now?', 'Saved. This takes effect after a restart of a few seconds; relays keep their state.', 'Restart')) await attempt(() => post('restart'), 'Restarting…');
    } else toast('Saved.');
    return answer;
  } catch (e) {
    const control = form && e.field && form.elements['s-' + e.field];
    if (control) {
      control.setCustomValidity(e.message);
      control.reportValidity();
      control.addEventListener('input', () => control.setCustomValidity(''), {once: true});
    }
    toast(e.message, true);
    return null;
  }
}

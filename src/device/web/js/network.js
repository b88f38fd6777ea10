// Names, Wi-Fi, MQTT, Home Assistant and what else belongs to the plug as a whole.

const word = (text, tone) => h('span', {class: 'badge ' + tone}, text);

function statusLine(read) {
  const line = h('p', {class: 'status-line', 'aria-live': 'polite'});
  let told = '';
  onState(s => {
    const [text, tone, more] = read(s);
    if (text + more === told) return;
    told = text + more;
    clear(line).append(word(text, tone), ' ' + (more || ''));
  });
  return line;
}

// Static address: 16 bytes as hex in the table, four dotted addresses for people.
const dotted = (hex, i) => [0, 2, 4, 6].map(k => parseInt(hex.substr(i * 8 + k, 2) || '0', 16)).join('.');
const undotted = text => text.split('.').map(n => (Number(n) & 255).toString(16).padStart(2, '0').toUpperCase()).join('');

function staticAddress(all) {
  const s = all.get('static_ip');
  if (!s) return null;
  const hex = s.value || ''.padEnd(32, '0'), fixed = /[1-9A-F]/i.test(hex.slice(0, 8));
  const names = ['Address', 'Mask', 'Gateway', 'Name server'], defaults = ['', '255.255.255.0', '', ''];
  const inputs = names.map((n, i) => h('input', {id: 'ip' + i, inputmode: 'decimal', pattern: '\\d{1,3}(\\.\\d{1,3}){3}', value: fixed ? dotted(hex, i) : defaults[i], placeholder: '192.168.1.' + (i ? '1' : '50')}));
  const box = h('div', {class: 'four', hidden: !fixed}, inputs.map((input, i) => field(names[i], input)));
  const use = checkbox('Fixed address', fixed, e => { box.hidden = !e.target.checked; }, 'Otherwise the router gives one.');
  const save = h('button', {type: 'button', class: 'primary', onclick: () => {
    const bad = inputs.find(i => !i.checkValidity() || (!i.value && !box.hidden));
    if (!box.hidden && bad) { bad.setCustomValidity('Four numbers with dots, like 192.168.1.50'); bad.reportValidity(); bad.setCustomValidity(''); return; }
    busy(save, saveSettings({static_ip: box.hidden ? ''.padEnd(32, '0') : inputs.map(i => undotted(i.value)).join('')}));
  }}, 'Save address');
  return card('Address', use, box, h('div', {class: 'row end'}, save));
}

async function wifiPage(main) {
  const all = await settings();
  main.append(head('Wi-Fi'),
    statusLine(s => [s.wifi.state, s.wifi.state === 'connected' ? 'good' : 'warn', [s.wifi.ssid, s.wifi.ip, s.wifi.rssi ? s.wifi.rssi + ' dBm' : ''].filter(Boolean).join(' · ')]),
    card('Networks', h('p', {class: 'lead'}, 'The second network is tried when the first is out of reach. With neither, the plug opens its own.'),
      settingsForm(all, ['wifi_ssid', 'wifi_pass', 'wifi_ssid2', 'wifi_pass2'])),
    staticAddress(all),
    card('When the network is silent', settingsForm(all, ['ping_host', 'ping_interval', 'ping_seconds'])));
}

async function mqttPage(main) {
  const all = await settings();
  const topic = h('code', {}, (all.get('mqtt_client') || {}).value || '');
  main.append(head('MQTT'),
    statusLine(s => [s.mqtt.state, s.mqtt.state === 'connected' ? 'good' : s.mqtt.state === 'off' ? '' : 'warn', s.mqtt.host ? s.mqtt.host + (s.mqtt.error ? ': ' + s.mqtt.error : '') : 'no broker set']),
    card('Broker', settingsForm(all, ['mqtt_host', 'mqtt_port', 'mqtt_user', 'mqtt_pass', 'mqtt_client', 'mqtt_group'])),
    card('Encryption', settingsForm(all, ['mqtt_tls', 'mqtt_verify', 'mqtt_cert'])),
    card('Topics', h('p', {}, 'State is published to ', topic, '/<channel>/get; ', topic, '/<channel>/set switches. Whether it is online is in ', topic, '/connected.')));
}

async function assistantPage(main) {
  const all = await settings();
  const prefix = h('input', {id: 'ha-prefix', value: 'homeassistant', maxlength: 31});
  const send = h('button', {type: 'button', class: 'primary', onclick: () => busy(send, attempt(() => post('discover', {prefix: prefix.value.trim() || 'homeassistant'}), 'Discovery is on its way.'))}, 'Announce this plug');
  main.append(head('Home Assistant'),
    statusLine(s => [s.mqtt.state === 'connected' ? 'ready' : 'needs MQTT', s.mqtt.state === 'connected' ? 'good' : 'warn', s.mqtt.state === 'connected' ? 'through ' + s.mqtt.host : 'connect to the broker of Home Assistant first']),
    card('Discovery', h('p', {class: 'lead'}, 'The plug tells Home Assistant by MQTT what it has: switches, lights, sensors and energy. Nothing has to be typed there.'),
      field('Prefix', prefix, 'As set in the MQTT integration of Home Assistant.'), h('div', {class: 'row end'}, send)),
    card('How', flagSwitches(all, [27, 34, 35, 45])));
}

async function devicePage(main) {
  const all = await settings();
  main.append(head('Plug and access'),
    card('Names', settingsForm(all, ['name_long', 'name_short'])),
    card('Access', h('p', {class: 'lead'}, 'With a password, pages and programs must log in as "admin".'), settingsForm(all, ['web_password'])),
    card('Time', settingsForm(all, ['ntp_server'])),
    card('Button', h('p', {class: 'lead'}, 'In tenths of a second.'), settingsForm(all, ['button_short', 'button_long', 'button_repeat'])),
    card('Start', settingsForm(all, ['boot_ok'])),
    card('Group', settingsForm(all, ['dgr_name'])),
    card('Others', settingsForm(all, ['webapp', 'led_map'])));
}

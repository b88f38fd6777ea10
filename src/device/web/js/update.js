// Firmware update: the image is checked whole before anything is erased; the plug tells how far it
// is, and after the restart whether the new version stayed.

const UPDATE_WORDS = {idle: 'Nothing is being updated.', receiving: 'Receiving', checking: 'Checking', writing: 'Writing', ready: 'Ready: restart to start it', trial: 'New version on trial', failed: 'Not installed'};

function updatePage(main) {
  const bar = h('progress', {max: 100, value: 0, 'aria-label': 'Progress', hidden: true}), text = h('p', {class: 'status-line', 'aria-live': 'polite', id: 'update-text'}), now = h('dl', {class: 'facts'});
  const tell = (words, percent) => {
    text.textContent = words;
    bar.hidden = percent === null || percent === undefined;
    bar.value = percent || 0;
  };
  const pick = h('input', {type: 'file', id: 'image', accept: '.rbl,.bin,.img,.ota,.xz,.ug'});
  let sending = false, verdict = ''; // what came of the restart stays to be read
  const start = h('button', {type: 'submit', class: 'primary', id: 'start-update'}, 'Check and install');
  const send = async e => {
    e.preventDefault();
    const file = pick.files[0];
    if (!file) { toast('Choose an image first.', true); return; }
    const s = live.state;
    verdict = '';
    const chip = /open([a-z0-9]+)_/i.exec(file.name);
    if (s && chip && chip[1].toUpperCase() !== s.chip && !await ask('Made for another chip?', 'The name says ' + chip[1].toUpperCase() + ', this plug has ' + s.chip + '. The plug checks the content itself.', 'Send it anyway', true)) return;
    sending = true;
    start.disabled = true;
    try {
      if (!(await get('update')).staged) await upload('/api/v2/update/check', file, (done, all) => tell('Checking ' + bytesText(done) + ' of ' + bytesText(all), 50 * done / all));
      const answer = await upload('/api/v2/update', file, (done, all) => tell(done < all ? 'Sending ' + bytesText(done) + ' of ' + bytesText(all) : 'Sent; the plug checks it.', 100 * done / all));
      tell('Accepted: ' + (answer.version ? 'version ' + answer.version + ', ' : '') + bytesText(answer.size || file.size) + '.', 100);
      if (await ask('Restart into the new version?', 'It is on trial until it has run well; otherwise the old one comes back by itself.', 'Restart now')) {
        const before = await get('state');
        await attempt(() => post('restart'), 'Restarting…');
        waitForRestart(before, () => tell('Restarting…', null), words => { verdict = words; tell(words, null); });
      }
    } catch (x) {
      tell('Not installed: ' + x.message, null);
      toast(x.message, true);
    }
    sending = false;
    start.disabled = false;
  };
  const url = h('input', {type: 'url', id: 'image-url', placeholder: 'http://192.168.1.5/image.rbl'});
  const fetchIt = h('button', {type: 'submit'}, 'Fetch and install');
  main.append(head('Update'),
    card('Installed', now, text, bar),
    card('From this device', h('form', {onsubmit: send}, field('Firmware image', pick, 'Settings, files and energy stay.'), h('div', {class: 'row end'}, start))),
    card('From an address', h('form', {onsubmit: e => {
      e.preventDefault();
      if (url.value && url.reportValidity()) busy(fetchIt, attempt(() => post('update/fetch', {url: url.value}), 'The plug fetches it now.'));
    }}, field('Address', url, 'The plug fetches it itself, by http.'), h('div', {class: 'row end'}, fetchIt))));
  onState(s => {
    const rows = [['Version', s.version], ['Chip', s.chip], ['Running for', durationText(s.uptime)], ['Last start', s.reset]];
    if (now.children.length !== rows.length) clear(now).append(...rows.map(r => h('div', {}, h('dt', {}, r[0]), h('dd', {}))));
    rows.forEach((r, i) => { now.children[i].lastChild.textContent = r[1]; });
    if (!sending && s.update) {
      const words = UPDATE_WORDS[s.update.state] || s.update.state;
      const detail = s.update.text || '', idle = s.update.state === 'idle';
      if (verdict && s.update.state === 'trial') tell(verdict + ' It is on trial until it has run well.', null);
      else if (idle && (verdict || !text.textContent)) tell(detail ? verdict + ' ' + detail[0].toUpperCase() + detail.slice(1) + '.' : verdict || words, null);
      else if (!idle) tell(words + (detail ? ': ' + detail : ''), s.update.percent && s.update.percent < 100 ? s.update.percent : null);
    }
  });
}

// Says what really runs after the restart, which shows in another version, or in a time of running
// that is shorter than before or, by more than rounding, than what has passed since.
function waitForRestart(before, waiting, done) {
  const began = Date.now();
  const watch = setInterval(async () => {
    try {
      const s = await get('state');
      if (s.version !== before.version || s.uptime < before.uptime || (s.uptime + 2) * 1000 < Date.now() - began) {
        clearInterval(watch);
        done(s.version === before.version ? 'The plug runs ' + s.version + ', the same version as before.' : 'The plug runs version ' + s.version + ' now.');
      }
    } catch { waiting(); }
    if (Date.now() - began > 120000) { clearInterval(watch); done('No sign of the plug for two minutes.'); }
  }, 2000);
}

// Console and log: commands with history and answers, among the lines of the log as they come.

async function catchUp(after) {
  const log = await get('log?after=' + after);
  return log;
}

function consolePage(main) {
  const out = h('div', {class: 'log', role: 'log', 'aria-label': 'Log', tabindex: 0});
  const filter = h('select', {id: 'log-level', 'aria-label': 'Show', onchange: () => { out.dataset.level = filter.value; }},
    [['4', 'Everything'], ['3', 'Info and worse'], ['2', 'Warnings and errors'], ['1', 'Errors']].map(o => h('option', {value: o[0]}, o[1])));
  const LEVELS = {E: 1, W: 2, I: 3, D: 4};
  const put = (text, cls) => {
    const low = out.scrollHeight - out.scrollTop - out.clientHeight < 40;
    const level = LEVELS[text[0]] && /^(Error|Warn|Info|Debug|E |W |I |D )/.test(text) ? LEVELS[text[0]] : 3;
    out.append(h('div', {class: cls || 'level' + level}, text));
    while (out.children.length > LINES_KEPT) out.firstChild.remove();
    if (low) out.scrollTop = out.scrollHeight;
  };
  const past = JSON.parse(sessionStorage.getItem('commands') || '[]');
  let at = past.length;
  const input = h('input', {id: 'command', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'send', placeholder: 'Power TOGGLE, status, setChannel 1 1 …', onkeydown: e => {
    if (e.key !== 'ArrowUp' && e.key !== 'ArrowDown') return;
    e.preventDefault();
    at = Math.max(0, Math.min(past.length, at + (e.key === 'ArrowUp' ? -1 : 1)));
    input.value = past[at] || '';
  }});
  const form = h('form', {class: 'prompt', onsubmit: async e => {
    e.preventDefault();
    const line = input.value.trim();
    if (!line) return;
    past.push(line);
    at = past.length;
    sessionStorage.setItem('commands', JSON.stringify(past.slice(-50)));
    input.value = '';
    put('> ' + line, 'asked');
    try {
      const answer = await command(line);
      const result = answer && answer.res !== undefined && JSON.stringify(answer.res) !== '{}' ? JSON.stringify(answer.res) : 'OK';
      put(result, 'answer');
    } catch (x) { put(x.message, 'level1'); }
    poll();
  }}, h('label', {for: 'command', class: 'sr'}, 'Command'), input, h('button', {class: 'primary', type: 'submit'}, 'Run'));
  const levelNote = h('button', {type: 'button', onclick: () => clear(out)}, 'Clear');
  const save = h('button', {type: 'button', onclick: () => saveAs('plug-log.txt', [...out.children].map(c => c.textContent).join('\n'), 'text/plain')}, 'Save');
  let last = 0, waiting = false;
  const poll = async () => {
    if (waiting) return;
    waiting = true;
    try {
      const log = await catchUp(last);
      if (log.last < last) { put('— the plug restarted —', 'answer'); last = 0; }
      log.lines.forEach(l => put(l));
      last = log.last;
    } catch { /* the state line tells that the plug is away */ }
    waiting = false;
  };
  main.append(head('Console'), h('section', {class: 'card console'}, h('div', {class: 'row'}, filter, h('span', {class: 'grow'}), levelNote, save), out, form));
  poll();
  every(1000, poll);
  if (matchMedia('(pointer:fine)').matches) input.focus();
}

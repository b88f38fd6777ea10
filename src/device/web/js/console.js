// Console and log: commands with history and answers, among the lines of the log as they come.

const LINES_KEPT = 500;

function consolePage(main) {
  const out = h('div', {class: 'log', role: 'log', 'aria-label': 'Log', tabindex: 0});
  const fits = row => { row.hidden = !row.textContent.toLowerCase().includes(filter.value.trim().toLowerCase()); };
  const filter = h('input', {type: 'search', id: 'log-filter', placeholder: 'Filter', 'aria-label': 'Show only lines with', oninput: () => [...out.children].forEach(fits)});
  const put = (text, cls) => {
    const low = out.scrollHeight - out.scrollTop - out.clientHeight < 40;
    const module = /^([a-z0-9_]+) (.*)$/s.exec(text);
    const row = cls || !module ? h('div', {class: cls || 'line'}, text) : h('div', {class: 'line'}, h('b', {}, module[1]), ' ' + module[2]);
    fits(row);
    out.append(row);
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
    } catch (x) { put(x.message, 'failed'); }
    poll();
  }}, h('label', {for: 'command', class: 'sr'}, 'Command'), input, h('button', {class: 'primary', type: 'submit'}, 'Run'));
  const levelNote = h('button', {type: 'button', onclick: () => clear(out)}, 'Clear');
  const save = h('button', {type: 'button', onclick: () => saveAs('plug-log.txt', [...out.children].map(c => c.textContent).join('\n'), 'text/plain')}, 'Save');
  let last = -1, waiting = false;
  const poll = async () => {
    if (waiting) return;
    waiting = true;
    try {
      const log = await get('log?after=' + last);
      if (log.last < last) put('— the plug restarted —', 'answer');
      log.lines.forEach(l => put(l));
      last = log.last;
    } catch { /* the state line tells that the plug is away */ }
    waiting = false;
  };
  main.append(head('Console'), h('section', {class: 'card console'}, h('div', {class: 'row'}, h('div', {class: 'grow'}, filter), levelNote, save), out, form));
  poll();
  every(1000, poll);
  if (matchMedia('(pointer:fine)').matches) input.focus();
}

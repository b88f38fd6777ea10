// Files on the plug: scripts, notes, whatever a script reads.

const isText = data => !new Uint8Array(data).some(b => b === 0 || b > 0xf7);

function fileEditor(name, text, done) {
  const area = h('textarea', {id: 'file-text', rows: 16, spellcheck: 'false', autocapitalize: 'off', wrap: 'off', value: text});
  const save = h('button', {type: 'button', class: 'primary', onclick: () => busy(save, attempt(async () => {
    await request('PUT', '/api/v2/files/' + encodeURIComponent(name), area.value);
    done();
  }, name + ' saved.'))}, 'Save');
  return card(name, field('Content', area), h('div', {class: 'row end'}, h('button', {type: 'button', onclick: done}, 'Close'), save));
}

async function filesPage(main) {
  const list = h('div', {class: 'list'}), sum = h('p', {class: 'lead'}), below = h('div', {});
  const open = name => attempt(async () => {
    const data = await get('files/' + encodeURIComponent(name));
    if (!isText(data)) { saveAs(name, data, 'application/octet-stream'); return; }
    clear(below).append(fileEditor(name, new TextDecoder().decode(data), () => { clear(below); load(); }));
    below.scrollIntoView({behavior: 'smooth'});
    $('file-text').focus();
  });
  const remove = name => ask('Delete ' + name + '?', 'It is gone from the plug; a backup may still have it.', 'Delete', true)
    .then(yes => yes && attempt(() => request('DELETE', '/api/v2/files/' + encodeURIComponent(name)), name + ' deleted.').then(load));
  const load = () => attempt(async () => {
    const data = await get('files');
    sum.textContent = data.files.length + ' of ' + data.count + ' files, ' + bytesText(data.files.reduce((n, f) => n + f.size, 0)) + ' in all; one file may have ' + bytesText(data.most) + '. At this pace the flash lasts ' + (data.days < 36500 ? Math.floor(data.days / 365) : 'over 100') + ' years.';
    clear(list).append(...(data.files.length ? data.files.map(f => h('div', {class: 'list-row'},
      h('button', {type: 'button', class: 'link grow', onclick: () => open(f.name)}, f.name), h('span', {class: 'quiet-text'}, bytesText(f.size)),
      h('button', {type: 'button', class: 'quiet', 'aria-label': 'Save ' + f.name + ' here', onclick: () => attempt(async () => saveAs(f.name, await get('files/' + encodeURIComponent(f.name)), 'application/octet-stream'))}, 'Save'),
      h('button', {type: 'button', class: 'quiet bad', 'aria-label': 'Delete ' + f.name, onclick: () => remove(f.name)}, 'Delete')))
      : [h('p', {class: 'quiet-text'}, 'No files yet.')]));
  });
  const pick = h('input', {type: 'file', id: 'file-upload', multiple: true, onchange: () => attempt(async () => {
    for (const f of pick.files) await request('PUT', '/api/v2/files/' + encodeURIComponent(f.name), f, 60);
    pick.value = '';
    await load();
  }, 'Uploaded.')});
  const fresh = h('input', {id: 'file-name', placeholder: 'autoexec.bat', maxlength: 39});
  main.append(head('Files'), card('', sum, list),
    h('div', {class: 'two'}, card('Upload', field('Files', pick)),
      card('New file', h('form', {onsubmit: e => { e.preventDefault(); if (fresh.value.trim()) clear(below).append(fileEditor(fresh.value.trim(), '', () => { clear(below); load(); })); }},
        field('Name', fresh), h('div', {class: 'row end'}, h('button', {type: 'submit'}, 'Create'))))), below);
  await load();
}

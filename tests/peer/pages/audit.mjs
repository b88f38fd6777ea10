// What a screen reader and a keyboard need, checked on a page as it stands: names, labels, unique
// ids, headings, contrast of texts, and nothing loaded from elsewhere.
export const audit = `
const faults = [];
const seen = e => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden';
const nameOf = e => (e.getAttribute('aria-label') || (e.getAttribute('aria-labelledby') || '').split(' ').map(i => (document.getElementById(i) || {}).textContent).join(' ') ||
  [...(e.labels || [])].map(l => l.textContent).join(' ') || (e.matches('input,select,textarea') ? '' : e.textContent) || '').trim();
for (const e of document.querySelectorAll('button,a[href],input,select,textarea,[role=button],[role=switch],svg[role]'))
  if (!nameOf(e)) faults.push('without a name: ' + e.outerHTML.slice(0, 120));
const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
for (const id of new Set(ids)) if (ids.filter(i => i === id).length > 1) faults.push('id twice: ' + id);
for (const e of document.querySelectorAll('[aria-describedby]'))
  for (const id of e.getAttribute('aria-describedby').split(' ')) if (!document.getElementById(id)) faults.push('describes nothing: ' + id);
if (document.querySelectorAll('h1').length !== 1) faults.push('one h1 is needed, there are ' + document.querySelectorAll('h1').length);
if (!document.documentElement.lang) faults.push('no language');
if (document.documentElement.scrollWidth > innerWidth + 1) faults.push('wider than the screen: ' + document.documentElement.scrollWidth);
for (const e of performance.getEntriesByType('resource')) if (!e.name.startsWith(location.origin)) faults.push('from elsewhere: ' + e.name);
const channel = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const colour = text => { const m = text.match(/[\\d.]+/g).map(Number); return {rgb: m.slice(0, 3), a: m.length > 3 ? m[3] : 1}; };
const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
const behind = e => { for (; e; e = e.parentElement) { const b = getComputedStyle(e).backgroundColor; if (b.startsWith('rgb') && colour(b).a > 0.99) return colour(b).rgb; } return [255, 255, 255]; };
const pale = new Set();
for (const e of document.querySelectorAll('main *, nav *, header *')) {
  if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !seen(e) || e.closest('svg,:disabled')) continue;
  const style = getComputedStyle(e), ink = colour(style.color);
  if (!style.color.startsWith('rgb') || ink.a < 1) continue;
  const a = light(ink.rgb), b = light(behind(e)), ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.6 && style.fontWeight >= 700);
  if (ratio < (large ? 3 : 4.5)) pale.add(ratio.toFixed(2) + ': ' + e.textContent.trim().slice(0, 40));
}
for (const p of pale) faults.push('contrast ' + p);
const small = [...document.querySelectorAll('button,select,input:not([type=radio]):not([type=range]),.tabs a')].filter(seen).filter(e => e.getBoundingClientRect().height < 27.5);
for (const e of small) faults.push('too small for a finger: ' + e.outerHTML.slice(0, 80));
return faults;
`;

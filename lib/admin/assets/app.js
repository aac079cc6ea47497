/** What makes the pages more convenient. All of them work without it. */

const LANGUAGE = document.documentElement.lang;
const FULL = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'long' });
const FORMATS = {
  absolute: FULL,
  clock: new Intl.DateTimeFormat(LANGUAGE, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  seconds: new Intl.DateTimeFormat(LANGUAGE, { timeStyle: 'long', hourCycle: 'h23' }),
};

/** Shows times in the viewer's own zone, which each names; the server writes UTC. */
function showLocalTimes(root) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const format = FORMATS[time.dataset.show];
    if (format) time.textContent = format.format(at);
    time.title = `${FULL.format(at)} (${at.toISOString()})`;
  }
  for (const chart of root.querySelectorAll('.chart')) showLocalAxis(chart);
}

/** An axis of days stays in UTC: its marks are at midnight there. */
function showLocalAxis(chart) {
  const labels = chart.querySelectorAll('text[data-show="clock"]');
  for (const label of labels) label.textContent = FORMATS.clock.format(Number(label.dataset.at));
  const zone = chart.querySelector('.zone');
  if (zone && labels.length > 0) zone.textContent = `Times are ${FULL.resolvedOptions().timeZone}`;
}

/** Adds a check box that selects all rows; it would do nothing without a script. */
function addSelectAll() {
  const head = document.querySelector('th[scope="col"]:first-child');
  const boxes = [...document.querySelectorAll('td input[type="checkbox"][name="key"]')];
  if (!head || boxes.length === 0) return;
  const all = document.createElement('input');
  all.type = 'checkbox';
  all.setAttribute('aria-label', 'Select all rows of this page');
  const show = () => {
    const selected = boxes.filter((box) => box.checked).length;
    all.checked = selected === boxes.length;
    all.indeterminate = selected > 0 && selected < boxes.length;
  };
  all.addEventListener('change', () => {
    for (const box of boxes) box.checked = all.checked;
  });
  for (const box of boxes) box.addEventListener('change', show);
  head.replaceChildren(all);
  show();
}

/** Opens a page that asks as a dialog over this one. If that fails, the link leads to the page as without a script. */
async function openDialog(link) {
  const response = await fetch(link.href, { headers: { Accept: 'text/html' } });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const form = page.querySelector('form.confirm');
  if (!response.ok || !form) throw new Error('There is no form to show.');
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-labelledby', form.getAttribute('aria-labelledby'));
  dialog.append(document.adoptNode(form));
  dialog.addEventListener('click', (event) => {
    if (!event.target.closest('[data-close]')) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    link.focus();
  });
  document.body.append(dialog);
  showLocalTimes(dialog);
  dialog.showModal();
}

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[data-dialog]');
  // With a key held, the browser opens a window or a tab.
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  openDialog(link).catch(() => {
    location.assign(link.href);
  });
});

showLocalTimes(document);
addSelectAll();

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

const POLL_MS = 1000;

/** Keeps a part of the page up to date while the server says that it changes, and shows the page anew once it does not. */
async function poll(part) {
  const response = await fetch(part.dataset.poll, { headers: { Accept: 'text/html' } });
  if (response.status >= 500) throw new Error('The store does not answer.');
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const news = page.getElementById(part.id);
  if (news?.dataset.poll === undefined) return location.reload();
  part.replaceChildren(...news.childNodes);
  setTimeout(startPolling, POLL_MS, part);
}

function startPolling(part) {
  // The link beside it still works.
  poll(part).catch(() => setTimeout(startPolling, 5 * POLL_MS, part));
}

showLocalTimes(document);
addSelectAll();
for (const part of document.querySelectorAll('[data-poll]')) setTimeout(startPolling, POLL_MS, part);

const ANNOUNCE_MS = 30_000;
const RETRY_MS = 30_000;
const LOST_MS = 4_000;

/** Keeps the page up to date while it is visible and not paused. */
function watch(controls) {
  const state = controls.querySelector('.live-state');
  const button = controls.querySelector('button');
  const announce = announcer(controls.querySelector('[data-announcer]'));
  let source;
  let retry;
  let lost;
  let isPaused = false;
  const show = (name, text) => {
    controls.dataset.state = name;
    state.textContent = text;
  };
  const close = () => {
    clearTimeout(retry);
    clearTimeout(lost);
    source?.close();
    source = undefined;
  };
  const open = () => {
    close();
    if (isPaused || document.hidden) return;
    source = new EventSource(controls.dataset.stream);
    source.addEventListener('open', () => {
      clearTimeout(lost);
      show('live', 'Live');
    });
    source.addEventListener('message', ({ data }) => {
      updateRegions(JSON.parse(data));
      announce();
    });
    source.addEventListener('error', (event) => {
      clearTimeout(lost);
      // The server ends each stream after some minutes, and the browser is back at once.
      lost = setTimeout(() => show('lost', 'Not live, connecting'), LOST_MS);
      // Refused: the browser does not try again by itself.
      if (event.target.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
    });
  };
  button.addEventListener('click', () => {
    isPaused = !isPaused;
    button.textContent = isPaused ? 'Resume' : 'Pause';
    if (isPaused) show('paused', 'Paused');
    else show('lost', 'Connecting');
    open();
  });
  document.addEventListener('visibilitychange', open);
  // A page that the browser keeps for its Back button must not keep a connection.
  addEventListener('pagehide', close);
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) open();
  });
  controls.hidden = false;
  open();
}

/** Lets screen readers read the headline when it has changed, at most every 30 seconds. */
function announcer(output) {
  const read = () => document.getElementById('headline')?.textContent ?? '';
  let last = read();
  let lastAt = performance.now();
  let timer;
  return () => {
    if (timer !== undefined || read() === last) return;
    const say = () => {
      timer = undefined;
      last = read();
      lastAt = performance.now();
      output.textContent = last;
    };
    timer = setTimeout(say, Math.max(0, lastAt + ANNOUNCE_MS - performance.now()));
  };
}

/** @param regions - markup of our own server, by the name of the region */
function updateRegions(regions) {
  for (const [name, markup] of Object.entries(regions)) {
    const old = document.querySelector(`[data-live="${CSS.escape(name)}"]`);
    const fresh = new DOMParser().parseFromString(markup, 'text/html').body.firstElementChild;
    if (!old || !fresh) continue;
    showLocalTimes(fresh);
    keepFocus(old, () => morph(old, fresh));
  }
}

/** If what has the focus is gone, the focus is given to what has taken its place. */
function keepFocus(region, change) {
  const focused = document.activeElement;
  if (!region.contains(focused)) return change();
  const row = focused.closest('[data-key]');
  const rows = row?.parentElement;
  const index = rows ? [...rows.children].indexOf(row) : 0;
  change();
  if (document.activeElement === focused) return;
  const next = rows?.isConnected ? rows.children[Math.min(index, rows.children.length - 1)] : undefined;
  const successor = focused.isConnected ? focused : next?.querySelector('a, button');
  (successor ?? document.getElementById('main')).focus({ preventScroll: true });
}

/** Changes an element into another one and keeps all that is equal: focus, selection, scroll positions, opened details. */
function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.isEqualNode(fresh)) return;
  for (const { name } of [...old.attributes]) {
    // Opened by the viewer.
    if (!fresh.hasAttribute(name) && name !== 'open') old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  morphChildren(old, fresh);
}

function morphChildren(old, fresh) {
  const keyOf = (node) => node.dataset?.key;
  const rows = new Map([...old.children].map((child) => [keyOf(child), child]));
  let next = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const key = keyOf(child);
    const match = key === undefined ? next : rows.get(key);
    if (!match || match.nodeName !== child.nodeName || keyOf(match) !== key) {
      if (key !== undefined) child.classList.add('fresh');
      old.insertBefore(document.adoptNode(child), next);
      continue;
    }
    if (match === next) next = next.nextSibling;
    else old.insertBefore(match, next);
    morph(match, child);
  }
  while (next) {
    const after = next.nextSibling;
    next.remove();
    next = after;
  }
}

const controls = document.querySelector('[data-stream]');
if (controls) watch(controls);

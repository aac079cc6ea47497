/** Keeps the page of the attack up to date; without it, the page loads itself again while an attack is running. */
const EVERY_MS = 700;

async function refresh() {
  const response = await fetch(location.href);
  const news = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const shown of document.querySelectorAll('[data-live]')) {
    const fresh = news.getElementById(shown.id);
    // Only what has changed, or a screen reader would read the status again and again.
    if (fresh && fresh.innerHTML !== shown.innerHTML) shown.replaceChildren(...fresh.childNodes);
  }
}

function keepOn() {
  // A server that is restarting is asked again.
  refresh()
    .catch(() => {})
    .finally(() => setTimeout(keepOn, EVERY_MS));
}

keepOn();

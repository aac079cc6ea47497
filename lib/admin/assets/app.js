/** What makes the pages more convenient. All of them work without it. */

/** Shows each time in the viewer's own zone; the server writes UTC and says so. */
function showLocalTimes() {
  const full = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'long' });
  for (const time of document.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) time.title = full.format(at);
  }
}

showLocalTimes();

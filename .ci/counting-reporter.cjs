/**
 * Mocha's spec reporter, which also writes a file, given as `output`: "passes failures pending" in the first line, then a line for
 * each spec or hook that failed, "full title: the error's first line".
 */
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

/** The lines end up at the end of a log, which stays readable if everything fails. */
const MAX_LINES = 50;
/** Of a title, and of an error. */
const MAX_CHARS = 300;

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      const lines = [`${passes} ${failures} ${pending}`, ...this.failures.slice(0, MAX_LINES).map(toLine)];
      if (this.failures.length > MAX_LINES) lines.push(`and ${this.failures.length - MAX_LINES} more`);
      writeFileSync(options.reporterOptions.output, `${lines.join('\n')}\n`);
    });
  }
};

function toLine(failure) {
  const { name, message } = failure.err ?? {};
  const [firstLine] = String(message ?? '')
    .trim()
    .split('\n', 1);
  return `${toText(failure.fullTitle())}: ${toText(firstLine || name || 'an error without a message')}`;
}

/** A title or message may hold anything: a line break would make two lines of it, and an escape code would colour the log. */
function toText(text) {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, MAX_CHARS);
}

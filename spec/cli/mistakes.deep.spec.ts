/** Mistakes, and the page for operators, once more: each command as a process of its own. */
import './mistakes.spec.js';
import './operations-page.spec.js';

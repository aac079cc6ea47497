/** Every command of these specs once more, each as a process of its own, as operators run them. */
import './commands.spec.js';
import './mistakes.spec.js';
import './operations-page.spec.js';
import '../conformance/axes/commands.spec.js';

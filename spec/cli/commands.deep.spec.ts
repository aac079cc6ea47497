/** The commands once more, each as a process of its own, as operators run them. */
import './commands.spec.js';
import './redis.spec.js';
import '../conformance/axes/commands.spec.js';

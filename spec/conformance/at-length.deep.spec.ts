/** Races and floods once more, for as long as it takes to meet what goes wrong now and then. */
import './mongo/failing-server.spec.js';
import './mongo/hanging-server.spec.js';
import './mongo/processes.spec.js';
import './parallel.spec.js';

/** The contract once more, with all the histories: by a real server they take a minute. */
import './contract.spec.js';

/** Anything at all, ten thousand times. */
import './fuzz.spec.js';

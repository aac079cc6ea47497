/** Dimensions that the lockout counts by itself, beside those of the option `dimensions`. */
import type { CountedDimensions } from './counted-dimensions.js';
import type { Dimension } from './dimension.js';
import type { SubjectParts } from './key.js';

/** One known device of a username. */
export const DEVICE: Dimension = ofUsername('device');
/** All known devices of a username together. */
export const DEVICES: Dimension = ofUsername('devices');
/** The second factor of a username, on any device. */
export const SECOND_FACTOR: Dimension = ofUsername('factor');

export function deviceParts(username: string, device: string): SubjectParts {
  return { device, username };
}

export function devicesParts(username: string): SubjectParts {
  return { devices: 'all', username };
}

export function secondFactorParts(username: string): SubjectParts {
  return { factor: 'second', username };
}

/** Returns the dimensions with others that operators may name, but that no attempt is counted in by them. */
export function withOwnDimensions(counted: CountedDimensions, own: readonly Dimension[]): CountedDimensions {
  const partNames = own.flatMap(({ parts }) => parts.map(({ name }) => name));
  return {
    ...counted,
    named: (name) => counted.named(name) ?? own.find((dimension) => dimension.name === name),
    partNames: () => [...new Set([...counted.partNames(), ...partNames])],
  };
}

function ofUsername(part: string): Dimension {
  return {
    name: `${part}+username`,
    hasUsername: true,
    hasIp: false,
    parts: [
      { name: part, read: undefined },
      { name: 'username', read: undefined },
    ],
    alone: undefined,
  };
}

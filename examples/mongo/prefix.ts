/** Stands before the names of the collections, so that the example meets nobody else's. */
export const PREFIX = 'example_';

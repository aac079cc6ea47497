/**
 * Compressions of which other threads are not done yet. How long that takes is up to the machine; whoever waits for what
 * follows has to know that something is still to come.
 */
import zlib from 'node:zlib';

type Compress = (input: zlib.InputType, done: (error: Error | null, output: Buffer) => void) => void;

let underWay = 0;

export const compressionsUnderWay = (): number => underWay;

/** Loads code that takes its functions from zlib at that moment, and counts what it does with them ever after. */
export async function countingCompressions<T>(load: () => Promise<T>): Promise<T> {
  const { deflateRaw, inflateRaw } = zlib;
  Object.assign(zlib, { deflateRaw: counted(deflateRaw), inflateRaw: counted(inflateRaw) });
  try {
    return await load();
  } finally {
    Object.assign(zlib, { deflateRaw, inflateRaw });
  }
}

function counted(compress: Compress): Compress {
  return (input, done) => {
    underWay += 1;
    compress(input, (error, output) => {
      underWay -= 1;
      done(error, output);
    });
  };
}

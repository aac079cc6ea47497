/** The answer of a MongoDB server to a command that it does not carry out, as it stands on the wire (OP_MSG). */
import mongoose from 'mongoose';

const { BSON } = mongoose.mongo;
const OP_MSG = 2013;
/** Length, request id, id of the request that is answered, and kind of message, each 4 bytes; then 4 of flags and 1 of section. */
const BODY_AT = 21;

export interface Refused {
  readonly code: number;
  readonly codeName: string;
  readonly errorLabels?: readonly string[];
}

/** The name of a command whose message is whole; undefined for anything else. */
export function commandOf(message: Buffer): string | undefined {
  if (message.length < BODY_AT || message.readInt32LE(0) !== message.length || message.readInt32LE(12) !== OP_MSG) {
    return undefined;
  }
  const size = message.readInt32LE(BODY_AT);
  return Object.keys(BSON.deserialize(message.subarray(BODY_AT, BODY_AT + size)))[0];
}

export function toRefusal(message: Buffer, { code, codeName, errorLabels = [] }: Refused): Buffer {
  const errmsg = `not carried out: { lsid: { id: UUID("${message.readInt32LE(4)}") } }`;
  const body = Buffer.from(BSON.serialize({ ok: 0, errmsg, code, codeName, errorLabels }));
  const head = Buffer.alloc(BODY_AT);
  head.writeInt32LE(BODY_AT + body.length, 0);
  head.writeInt32LE(message.readInt32LE(4), 8);
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, body]);
}

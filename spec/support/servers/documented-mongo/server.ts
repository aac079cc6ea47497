/**
 * A server in this process that speaks MongoDB's protocol and reads our pipelines by MongoDB's manual: a second opinion beside
 * FerretDB, whose engine is another one than MongoDB's. It knows no more than the stores use.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import mongoose from 'mongoose';
import { Commands } from './commands.js';
import type { Fields } from './compare.js';

const { BSON } = mongoose.mongo;
/** Wire protocol: the header is length, id, id of the question, and kind of message, 4 bytes each. */
const HEADER_BYTES = 16;
const OP_REPLY = 1;
const OP_QUERY = 2_004;
const OP_MSG = 2_013;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;

export class DocumentedMongo {
  readonly #commands = new Commands();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(): Promise<DocumentedMongo> {
    const mongo = new DocumentedMongo();
    mongo.#server.listen(0, '127.0.0.1');
    await once(mongo.#server, 'listening');
    return mongo;
  }

  get uri(): string {
    return `mongodb://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    let received: Buffer = Buffer.alloc(0);
    this.#sockets.add(socket.setNoDelay());
    // A client that goes away.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= HEADER_BYTES && received.length >= received.readInt32LE(0)) {
        const length = received.readInt32LE(0);
        const answer = this.#answer(received.subarray(0, length));
        received = received.subarray(length);
        if (answer) socket.write(answer);
      }
    });
  }

  #answer(message: Buffer): Buffer | null {
    const kind = message.readInt32LE(12);
    if (kind === OP_QUERY) return toMessage(message, OP_REPLY, firstReply(this.#commands.run(readQuery(message))));
    if (kind !== OP_MSG) throw new Error(`nothing is known of messages of kind ${kind}`);
    const reply = this.#commands.run(readMessage(message));
    const isAnswered = (message.readUInt32LE(HEADER_BYTES) & MORE_TO_COME) === 0;
    return isAnswered ? toMessage(message, OP_MSG, Buffer.concat([Buffer.alloc(5), BSON.serialize(reply)])) : null;
  }
}

/** The first question of a driver, of an older kind: flags, the collection's name, two numbers, a document. */
function readQuery(message: Buffer): Fields {
  const nameEnds = message.indexOf(0, HEADER_BYTES + 4);
  return { ...BSON.deserialize(message.subarray(nameEnds + 9)), $db: 'admin' };
}

/** A document, and lists of documents under a name each. */
function readMessage(message: Buffer): Fields {
  const end = message.length - (message.readUInt32LE(HEADER_BYTES) & CHECKSUM_PRESENT ? 4 : 0);
  let fields: Fields = {};
  const lists: Record<string, Fields[]> = {};
  for (let at = HEADER_BYTES + 4; at < end; ) {
    const isDocument = message[at] === 0;
    const size = message.readInt32LE(at + 1);
    if (isDocument) fields = BSON.deserialize(message.subarray(at + 1, at + 1 + size));
    else {
      const nameEnds = message.indexOf(0, at + 5);
      lists[message.toString('utf8', at + 5, nameEnds)] = readList(message.subarray(nameEnds + 1, at + 1 + size));
    }
    at += 1 + size;
  }
  return { ...fields, ...lists };
}

function readList(bytes: Buffer): Fields[] {
  const documents: Fields[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readInt32LE(at)) {
    documents.push(BSON.deserialize(bytes.subarray(at, at + bytes.readInt32LE(at))));
  }
  return documents;
}

/** Flags, the cursor's id, where it begins, and one document. */
function firstReply(reply: Fields): Buffer {
  const head = Buffer.alloc(20);
  head.writeInt32LE(1, 16);
  return Buffer.concat([head, BSON.serialize(reply)]);
}

function toMessage(question: Buffer, kind: number, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + body.length, 0);
  header.writeInt32LE(question.readInt32LE(4), 8);
  header.writeInt32LE(kind, 12);
  return Buffer.concat([header, body]);
}

import { connect } from 'node:net';

const opMsg = 2013;
const timeoutMs = 3_000;

/** `ok: 1.0` as it stands in a BSON reply. */
const okInReply = Buffer.from('\u0001ok\0\0\0\0\0\0\0\u00f0\u003f', 'latin1');

/**
 * Whether a MongoDB-protocol server on this loopback port carries out a command. `listDatabases` and not `hello`,
 * because FerretDB says hello without asking its PostgreSQL. Written by hand so that starting the server needs no
 * driver: the driver is a peer dependency that a run may do without.
 */
export function answersMongo(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    let reply = Buffer.alloc(0);
    const socket = connect({ host: '127.0.0.1', port, timeout: timeoutMs });
    const settle = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.on('connect', () => socket.write(listDatabases()));
    socket.on('data', (chunk) => {
      reply = Buffer.concat([reply, chunk]);
      if (reply.length >= 4 && reply.length >= reply.readInt32LE(0)) {
        settle(reply.includes(okInReply));
      }
    });
    socket.on('timeout', () => settle(false));
    socket.on('error', () => settle(false));
    socket.on('close', () => settle(false));
  });
}

function listDatabases(): Buffer {
  const flagBits = int32(0);
  const sectionOfKind0 = Buffer.from([0]);
  const body = Buffer.concat([flagBits, sectionOfKind0, document(listDatabasesElements)]);
  const requestId = int32(1);
  const responseTo = int32(0);
  return Buffer.concat([int32(16 + body.length), requestId, responseTo, int32(opMsg), body]);
}

/** `{ listDatabases: 1, nameOnly: true, $db: 'admin' }`: type byte, name, value for each. */
const listDatabasesElements = Buffer.concat([
  Buffer.from('\u0010listDatabases\0'),
  int32(1),
  Buffer.from('\u0008nameOnly\0\u0001'),
  Buffer.from('\u0002$db\0'),
  int32('admin\0'.length),
  Buffer.from('admin\0'),
]);

function document(elements: Buffer): Buffer {
  return Buffer.concat([int32(elements.length + 5), elements, Buffer.from([0])]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

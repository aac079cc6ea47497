/** Sources as a record stores them: short tags, made with a key that is known only inside the database. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Marks, Source } from '../../policy/state.js';
import { isDuplicateKey, type OwnCollections, type SettingDocument } from './own-collections.js';
import { READ, WRITE } from './read-write-concern.js';

const KEY_ID = 'source key';
const KEY_BYTES = 32;
/** Characters of base64url, 6 bits each. */
const TAG_CHARS = 6;

/**
 * 36 bits of the place and 36 of the spelling distinguish sources, and keep a record of 64 of them below 4 KB. Without a key,
 * names with equal tags could be found offline; with it, an attacker would have to register accounts until one of them takes
 * back another's failures.
 */
export class SourceTags {
  #key: Buffer | undefined;

  /** Reads the key that all processes share, or creates it; if its document was lost, writes the same key again. */
  async prepare({ settings }: Pick<OwnCollections, 'settings'>): Promise<void> {
    const { value } = (await findKey(settings)) ?? (await makeKey(settings, this.#key ?? randomBytes(KEY_BYTES)));
    const key = typeof value === 'string' ? Buffer.from(value, 'base64url') : undefined;
    if (key?.length !== KEY_BYTES) {
      const name = settings.collectionName;
      throw new Error(
        `the document '${KEY_ID}' of ${name} has no key of ${KEY_BYTES} bytes; remove it, and a new one will be made`,
      );
    }
    this.#key = key;
  }

  /** Returns the marks with tags. Without the key the source stays unknown: a failure counts, and no login takes it back. */
  marksOf(key: string, { source, ...marks }: Marks): Marks {
    return source && this.#key ? { ...marks, source: tagsOf(this.#key, key, source) } : marks;
  }
}

/** Returns tags bound to the record, so that two records do not reveal that the same person failed at both. */
function tagsOf(secret: Buffer, key: string, { place, spelling }: Source): Source {
  const toTag = (purpose: string, text: string) => {
    const content = `${purpose}\n${key}\n${text}`;
    // UTF-16, since UTF-8 encodes all lone surrogates alike.
    return createHmac('sha256', secret).update(content, 'utf16le').digest('base64url').slice(0, TAG_CHARS);
  };
  return { place: toTag('place', place), spelling: toTag('spelling', spelling) };
}

async function findKey(settings: OwnCollections['settings']): Promise<SettingDocument | null> {
  return settings.findOne({ _id: KEY_ID }, READ);
}

/** Creates the key; of several processes that start at the same time, one does. */
async function makeKey(settings: OwnCollections['settings'], key: Buffer): Promise<SettingDocument> {
  const made = { _id: KEY_ID, value: key.toString('base64url') };
  try {
    await settings.insertOne(made, WRITE);
    return made;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const found = await findKey(settings);
  if (!found) throw new Error(`the document '${KEY_ID}' of ${settings.collectionName} came and went`);
  return found;
}

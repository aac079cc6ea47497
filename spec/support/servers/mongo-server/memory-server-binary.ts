/** The part of `mongodb-memory-server` that is wanted here: it finds or downloads a `mongod`. */
interface MemoryServerPackage {
  readonly MongoBinary: { getPath(): Promise<string> };
}

/**
 * The `mongod` of the package `mongodb-memory-server`, or undefined where that is not installed. It is no dependency
 * of ours because it downloads at run time; a developer may add it. Its own class for servers is not used: it ends the
 * server with its process, and a server of ours may outlive the process that started it.
 */
export async function memoryServerBinary(): Promise<string | undefined> {
  const memoryServer = await importMemoryServer();
  return memoryServer?.MongoBinary.getPath();
}

async function importMemoryServer(): Promise<MemoryServerPackage | undefined> {
  // Not a literal, for the compiler must not look for a package that is not there.
  const name: string = 'mongodb-memory-server';
  try {
    return (await import(name)) as MemoryServerPackage;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') {
      return undefined;
    }
    throw error;
  }
}

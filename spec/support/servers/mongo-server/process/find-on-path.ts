import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Folders of system commands that are often missing from an ordinary PATH. */
const systemFolders = ['/usr/sbin', '/sbin'];

/** PATH with the system folders, for commands such as debootstrap and chroot. */
export function searchPath(): string {
  return [process.env.PATH ?? '', ...systemFolders].join(delimiter);
}

/** The full path of an executable, or undefined if there is no executable of that name. */
export async function findOnPath(command: string): Promise<string | undefined> {
  for (const folder of searchPath().split(delimiter).filter(Boolean)) {
    const candidate = join(folder, command);
    if (
      await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      )
    ) {
      return candidate;
    }
  }
  return undefined;
}

/**
 * Mounts what packages and PostgreSQL need in the root given first and becomes the command given after the user. It
 * execs, so the process id stays that of the process we spawned.
 */
const enterRoot = `
root=$1; user=$2; shift 2
mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" || exit 1
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/
exec chroot --userspec="$user:$user" "$root" "$@"
`;

/**
 * The command line that runs a command as `user` inside the root. The mounts are made in a mount namespace of its own:
 * nothing is left mounted when the command ends, and nobody who deletes the cache folder deletes the machine's /dev.
 */
export function insideRoot(
  root: string,
  user: 'root' | 'postgres',
  command: readonly string[],
): { command: string; args: string[] } {
  return { command: 'unshare', args: ['--mount', 'sh', '-c', enterRoot, 'enter-root', root, user, ...command] };
}

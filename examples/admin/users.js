/** Who can log in. A real application has hashes of the passwords in its database. */
export const users = new Map([
  ['carol', { password: 'correct horse', can: ['unblock', 'block', 'export', 'erase'] }],
  ['dave', { password: 'battery staple', can: [] }], // may look, and nothing else
  ['alice', { password: 'wonderland' }], // no operator
]);

/** Your own check: compare hashes, and take as long for unknown names as for known ones. */
export function verify(username, password, done) {
  done(null, users.get(username)?.password === password ? { username } : false, { message: 'Wrong name or password.' });
}

/** The login form, and what a user sees who is no operator. */

/** @param message - a text of this application or of the lockout, so there is nothing to escape */
export const loginPage = (message = '') =>
  page(`<h1>Log in</h1>
    <p role="alert">${message}</p>
    <form method="post" action="/login">
      <p><label>Username <input name="username" autocomplete="username" required autofocus></label></p>
      <p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
      <p><button>Log in</button></p>
    </form>`);

/** @param isOperator - whether the admin pages let this user in */
export const homePage = (isOperator) =>
  page(`<h1>Welcome</h1>
    ${isOperator ? '<p><a href="/admin/lockout/">Who is locked, and why</a></p>' : ''}
    <form method="post" action="/logout"><button>Log out</button></form>`);

const page = (body) => `<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <meta name="color-scheme" content="light dark">
      <title>Admin example of passport-lockout</title>
      <link rel="icon" href="data:,">
    </head>
    <body><main>${body}</main></body>
  </html>`;

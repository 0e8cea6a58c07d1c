// Audits a server as an authorised client: `node run.mjs URL [TOKEN]` prints a JSON array of {id, name, status, reason}.
import { auditServer } from 'graphql-http';

const [url, token] = process.argv.slice(2);

// What any client here has to send: who it is, and a header that a page of another origin cannot send unasked.
const fetchFn = (input, init = {}) => {
  const headers = new Headers(init.headers);
  headers.set('graphql-require-preflight', 'true');
  if (token) headers.set('authorization', `Bearer ${token}`);
  return fetch(input, { ...init, headers });
};

const results = await auditServer({ url, fetchFn });
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))));

// Sends an operation to the endpoint, and turns an answer that is not GraphQL into an error that says so.
const failure = (message) => ({ errors: [{ message }] });

export function createFetcher(endpoint, bearer) {
  return async function fetcher(operation, { headers: typed } = {}) {
    const headers = new Headers({
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'content-type': 'application/json',
    });
    // The schema is asked for before the headers tab exists, so the token is sent from here;
    // what is typed in the tab wins.
    if (bearer.token !== null) headers.set('authorization', `Bearer ${bearer.token}`);
    for (const [name, value] of Object.entries(typed ?? {})) headers.set(name, value);

    let response;
    try {
      response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(operation) });
    } catch {
      return failure(`No answer from ${endpoint}. Is the server running?`);
    }
    try {
      return await response.json();
    } catch {
      return failure(`${endpoint} answered ${response.status} without JSON.`);
    }
  };
}

// What the headers tab starts with: the token in use, or how to set one.
export const defaultHeaders = (token) =>
  token === null
    ? '{\n  // "Authorization": "Bearer <your token>"\n}'
    : JSON.stringify({ Authorization: `Bearer ${token}` }, null, 2);

// What a request of the page says of who asks: the token in use, unless the headers tab says another.
export const headersOf = (bearer, text) => ({
  ...(bearer.token === null ? {} : { authorization: `Bearer ${bearer.token}` }),
  ...typedHeaders(text),
});

// What is typed in the headers tab, comments left out; nothing while it is no JSON object of texts.
function typedHeaders(text) {
  try {
    return Object.fromEntries(new Headers(JSON.parse(text.replace(/^\s*\/\/.*$/gm, ''))));
  } catch {
    return {};
  }
}

// Reads what the server wants the page to show: endpoint, token, default query, examples.
const URL = `${import.meta.env.BASE_URL}config.json`;

// The headers of a viewer: strangers are shown no examples.
export async function readConfig(headers = {}) {
  // Never from a cache: the token in it may be a new one.
  const response = await fetch(URL, { cache: 'no-store', headers }).catch(() => {
    throw new Error(`No answer from ${URL}. Is the server running?`);
  });
  if (!response.ok) throw new Error(`${URL} answered ${response.status}.`);
  return response.json().catch(() => {
    throw new Error(`${URL} did not answer with JSON.`);
  });
}

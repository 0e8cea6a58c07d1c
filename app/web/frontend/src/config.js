// Reads what the server wants the page to show: endpoint, token, default query, examples.
const URL = `${import.meta.env.BASE_URL}config.json`;

export async function readConfig() {
  // Never from a cache: the token in it may be a new one.
  const response = await fetch(URL, { cache: 'no-store' }).catch(() => {
    throw new Error(`No answer from ${URL}. Is the server running?`);
  });
  if (!response.ok) throw new Error(`${URL} answered ${response.status}.`);
  return response.json().catch(() => {
    throw new Error(`${URL} did not answer with JSON.`);
  });
}

// What GraphiQL keeps in the browser, without request headers: its history would keep the token in them.
const PREFIX = 'graphiql:';
const HISTORY = [`${PREFIX}queries`, `${PREFIX}favorites`];
const VISITED = `${PREFIX}visited`;

const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

const withoutHeaders = (history) =>
  JSON.stringify(JSON.parse(history, (key, value) => (key === 'headers' ? undefined : value)));

export const storage = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, HISTORY.includes(key) ? withoutHeaders(value) : value),
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => keys().forEach((key) => localStorage.removeItem(key)),
  get length() {
    return keys().length;
  },
};

// Among GraphiQL's own keys, so that its "clear storage" makes a first visit again.
export function isFirstVisit() {
  const isFirst = localStorage.getItem(VISITED) === null;
  localStorage.setItem(VISITED, 'yes');
  return isFirst;
}

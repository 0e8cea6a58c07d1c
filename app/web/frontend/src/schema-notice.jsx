// Says that the schema could not be read, and why, where the answers are; asks for a token; and offers to try again.
import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';

export function SchemaNotice({ endpoint, onToken }) {
  const { fetchError, isIntrospecting } = useGraphiQL(pick('fetchError', 'isIntrospecting'));
  const { introspect } = useGraphiQLActions();
  if (!fetchError) return null;
  const { message, extensions } = failure(fetchError);
  const tryAgain = (event) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get('token');
    if (typed) onToken(typed.trim());
    introspect();
  };
  return (
    <form className="schema-notice" role="alert" onSubmit={tryAgain}>
      <p>
        The schema could not be read from {endpoint}, so there are no docs and no completion yet. {message}
      </p>
      {extensions?.code === 'UNAUTHENTICATED' && (
        <input name="token" type="password" aria-label="Token" placeholder="Token" autoComplete="off" required />
      )}
      <button type="submit" className="graphiql-button" disabled={isIntrospecting}>
        {extensions?.code === 'UNAUTHENTICATED' ? 'Use token' : 'Try again'}
      </button>
    </form>
  );
}

// GraphiQL keeps the failed answer as JSON text.
function failure(fetchError) {
  try {
    return JSON.parse(fetchError).errors[0];
  } catch {
    return {};
  }
}

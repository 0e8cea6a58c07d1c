// Says that the schema could not be read, and why, where the answers are; and offers to try again.
import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';

export function SchemaNotice({ endpoint }) {
  const { fetchError, isIntrospecting } = useGraphiQL(pick('fetchError', 'isIntrospecting'));
  const { introspect } = useGraphiQLActions();
  if (!fetchError) return null;
  return (
    <div className="schema-notice" role="alert">
      <p>
        The schema could not be read from {endpoint}, so there are no docs and no completion yet. {reason(fetchError)}
      </p>
      <button type="button" className="graphiql-button" disabled={isIntrospecting} onClick={introspect}>
        Try again
      </button>
    </div>
  );
}

// GraphiQL keeps the failed answer as JSON text.
function reason(fetchError) {
  try {
    return JSON.parse(fetchError).errors[0].message;
  } catch {
    return '';
  }
}

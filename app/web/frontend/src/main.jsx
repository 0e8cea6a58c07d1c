// Starts the page: GraphiQL with the server's configuration, or what went wrong instead.
import './workers.js';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './page.css';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { readConfig } from './config.js';
import { createExamplesPlugin } from './examples.jsx';
import { createFetcher, defaultHeaders } from './fetcher.js';
import { SchemaNotice } from './schema-notice.jsx';
import { isFirstVisit, storage } from './storage.js';

const root = createRoot(document.getElementById('page'));

try {
  const config = await readConfig();
  // In memory only: whoever opens the page next is asked again.
  const bearer = { token: config.token };
  const examples = createExamplesPlugin(config, bearer);
  root.render(
    <GraphiQL
      fetcher={createFetcher(config.endpoint, bearer)}
      plugins={[examples, HISTORY_PLUGIN]}
      visiblePlugin={isFirstVisit() ? examples : undefined}
      defaultQuery={config.defaultQuery}
      defaultHeaders={defaultHeaders(config.token)}
      defaultEditorToolsVisibility="variables"
      storage={storage}
      shouldPersistHeaders={false}
    >
      <GraphiQL.Logo>Switchboard</GraphiQL.Logo>
      <GraphiQL.Footer>
        <SchemaNotice endpoint={config.endpoint} onToken={(token) => (bearer.token = token)} />
      </GraphiQL.Footer>
    </GraphiQL>,
  );
} catch (problem) {
  root.render(
    <div className="page-notice" role="alert">
      <h1>GraphiQL could not start</h1>
      <p>{problem.message}</p>
      <button type="button" onClick={() => location.reload()}>
        Try again
      </button>
    </div>,
  );
}

// The shelf of example queries: a GraphiQL plugin whose panel lists them and opens the one clicked.
import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useState } from 'react';
import { readConfig } from './config.js';
import { headersOf } from './fetcher.js';

export function createExamplesPlugin({ examples, defaultQuery }, bearer) {
  let shown = examples; // kept while the panel is closed
  const keep = (found) => (shown = found);
  return {
    title: 'Examples',
    icon: ShelfIcon,
    content: () => <Shelf initial={shown} keep={keep} defaultQuery={defaultQuery} bearer={bearer} />,
  };
}

function Shelf({ initial, keep, defaultQuery, bearer }) {
  const [examples, setExamples] = useState(initial);
  const { queryEditor, variableEditor, headerEditor, responseEditor, tabs, activeTabIndex } = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'headerEditor', 'responseEditor', 'tabs', 'activeTabIndex'),
  );
  const { addTab, setOperationName, updateActiveTabValues } = useGraphiQLActions();
  const isReady = queryEditor && variableEditor && responseEditor;

  const fetchExamples = async () => {
    const config = await readConfig(headersOf(bearer, headerEditor.getValue())).catch(() => null);
    if (config) setExamples(keep(config.examples));
  };

  // A tab is the user's own once it was edited or run; until then another example may take its place.
  const isUntouched = () => {
    const query = queryEditor.getValue();
    const variables = variableEditor.getValue();
    const starts = [{ query: '', variables: '' }, { query: defaultQuery, variables: '' }, ...examples];
    return (
      !responseEditor.getValue() &&
      starts.some((start) => start.query === query && start.variables === variables)
    );
  };

  const open = ({ query, variables }) => {
    if (!isUntouched()) addTab();
    queryEditor.setValue(query);
    variableEditor.setValue(variables);
    updateActiveTabValues({ query, variables });
    setOperationName(null); // GraphiQL reads the new one from the query a moment later
  };

  return (
    <section className="examples" aria-label="Examples">
      <h2>Examples</h2>
      {examples.length === 0 && (
        <div role="note">
          <p>They say names of the schema, so they are for who has a token. Give yours where the schema is asked for, or in the headers, then:</p>
          <button type="button" className="graphiql-button" disabled={!headerEditor} onClick={fetchExamples}>
            Show examples
          </button>
        </div>
      )}
      <ul>
        {examples.map((example) => (
          <li key={example.title}>
            <button
              type="button"
              disabled={!isReady}
              aria-current={tabs[activeTabIndex]?.query === example.query}
              onClick={() => open(example)}
            >
              <strong>{example.title}</strong>
              <span>{example.description}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const ShelfIcon = (props) => (
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" {...props}>
    <path d="M4 4v15M8.5 4v15M13 4.5l5.5 14M2 20.5h20" strokeLinecap="round" />
    <path d="M4 4h4.5M8.5 4H13" />
  </svg>
);

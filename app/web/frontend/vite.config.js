// How the page is bundled: every file from /graphiql/, none inlined, so that a strict CSP can hold.
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/graphiql/',
  build: {
    outDir: '../static/graphiql',
    emptyOutDir: true,
    assetsInlineLimit: 0, // a `data:` font or icon would need its own hole in the CSP
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000, // Monaco is one large chunk, loaded after the page shows
    rolldownOptions: { checks: { moduleLevelDirective: false } }, // React's directives mean nothing in a browser
    license: { fileName: 'licenses.md' }, // the bundled packages ask to be named in copies
  },
  worker: { format: 'es' }, // lets a worker load its rarely needed parts on demand
});

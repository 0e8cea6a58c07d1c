"""The server: routes, the GraphQL endpoint, pages and health, on Starlette."""

/** The snippets of one project. */
export function GettingStartedPage() {
  return <h1>Getting started</h1>;
}

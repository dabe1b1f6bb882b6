/** The issue and its event. */
export function IssuePage() {
  return <h1>Issue</h1>;
}

/** Create a project. */
export function NewProjectPage() {
  return <h1>New project</h1>;
}

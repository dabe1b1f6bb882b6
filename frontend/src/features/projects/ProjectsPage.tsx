/** Every project of the organization. */
export function ProjectsPage() {
  return <h1>Projects</h1>;
}

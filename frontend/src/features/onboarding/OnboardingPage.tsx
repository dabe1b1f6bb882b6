/** Choose a platform, install the SDK, wait for the first event. */
export function OnboardingPage() {
  return <h1>Onboarding</h1>;
}

// Runs before the first paint, so that a dark page never flashes white. Everything else about preferences is in src/lib/preferences.ts.
(() => {
  var stored = {};
  try {
    stored = JSON.parse(localStorage.getItem('vedette.preferences') || '{}') || {};
  } catch (_) {
    // A blocked or damaged storage means defaults.
  }
  var theme = stored.theme;
  if (theme !== 'light' && theme !== 'dark') {
    theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.density = stored.density === 'compact' ? 'compact' : 'comfortable';
  if (location.pathname.indexOf('/auth/') === 0) document.documentElement.dataset.boot = 'plain';
})();

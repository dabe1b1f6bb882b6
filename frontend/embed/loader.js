// The script of /js-sdk-loader/KEY.js: a few lines that stand in for the SDK until it is there, and fetch it when it
// is needed.  The server puts the key's settings in place of LOADER, see ingest/loader_endpoint.c.  What a page may
// count on is what Sentry documents for its loader: Sentry.onLoad, Sentry.forceLoad, window.sentryOnLoad, data-lazy.
((window, document, loader) => {
  const METHODS = [
    'init',
    'addBreadcrumb',
    'captureException',
    'captureMessage',
    'captureEvent',
    'configureScope',
    'withScope',
    'setContext',
    'setExtra',
    'setTag',
    'setTags',
    'setUser',
    'showReportDialog',
  ];
  const MECHANISM = 'auto.browser.global_handlers.';
  const script = document.currentScript;
  /** What happened before the SDK was there, in order: each entry does it again with the SDK. */
  const waiting = [];
  const callbacks = [];
  let lazy = loader.lazy && script?.dataset.lazy !== 'no';
  let sdk;
  let asked = false;

  const load = () => {
    if (asked) return;
    asked = true;
    const bundle = document.createElement('script');
    bundle.src = loader.bundle;
    bundle.crossOrigin = 'anonymous';
    if (script?.nonce) bundle.nonce = script.nonce;
    bundle.addEventListener('load', start, { once: true, passive: true });
    (document.head ?? document.documentElement).append(bundle);
  };

  const later = (action, wakes) => {
    waiting.push(action);
    if (wakes) load();
  };

  const unhandled = (type) => ({ mechanism: { type: MECHANISM + type, handled: false } });
  const onError = ({ error, message }) =>
    later(() => sdk.captureException(error ?? message, unhandled('onerror')), true);
  const onRejection = ({ reason }) =>
    later(() => sdk.captureException(reason, unhandled('onunhandledrejection')), true);

  /** The integrations that the key's settings ask for; a page that brings the same one keeps its own. */
  const integrations = (own) => {
    const wanted = [];
    if (loader.config.tracesSampleRate && sdk.browserTracingIntegration) wanted.push(sdk.browserTracingIntegration());
    if (loader.config.replaysOnErrorSampleRate && sdk.replayIntegration) wanted.push(sdk.replayIntegration());
    if (loader.feedback && sdk.feedbackIntegration) wanted.push(sdk.feedbackIntegration());
    if (typeof own === 'function') return own;
    const names = new Set((own ?? []).map(({ name }) => name));
    return [...wanted.filter(({ name }) => !names.has(name)), ...(own ?? [])];
  };

  /** An exception of the page's own functions is the page's, and keeps nothing else from happening. */
  const attempt = (action) => {
    try {
      action?.();
    } catch (error) {
      setTimeout(() => {
        throw error;
      });
    }
  };

  const start = () => {
    window.removeEventListener('error', onError);
    window.removeEventListener('unhandledrejection', onRejection);
    const bundle = window.Sentry;
    let begun = false;
    const begin = (options = {}) => {
      begun = true;
      return bundle.init({ ...loader.config, ...options, integrations: integrations(options.integrations) });
    };
    // A bundle's members are read-only: the page gets an object of its own, with an init that knows the key.
    sdk = { ...bundle, init: begin, onLoad: (callback) => callback(), forceLoad: () => {} };
    window.Sentry = sdk;
    attempt(window.sentryOnLoad);
    callbacks.splice(0).forEach(attempt);
    const begins = waiting.filter((action) => action.begins);
    if (!begun && begins.length === 0) attempt(begin);
    begins.forEach(attempt);
    waiting.filter((action) => !action.begins).forEach(attempt);
    waiting.length = 0;
  };

  const stub = (name) => [
    name,
    (...values) => {
      if (sdk) return sdk[name]?.(...values);
      const action = () => sdk[name]?.(...values);
      action.begins = name === 'init';
      later(action, lazy && /^(capture|show)/.test(name));
    },
  ];

  window.Sentry = {
    ...Object.fromEntries(METHODS.map(stub)),
    onLoad: (callback) => {
      if (sdk) return callback();
      callbacks.push(callback);
      if (!lazy) load();
    },
    forceLoad: () => {
      lazy = false;
      if (!sdk) setTimeout(load);
    },
  };
  window.addEventListener('error', onError);
  window.addEventListener('unhandledrejection', onRejection);
  if (!lazy) setTimeout(load);
})(window, document, LOADER);

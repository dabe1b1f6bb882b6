// What a page of another origin runs; bundled for the browser by the test.
import * as Sentry from '@sentry/browser';

Sentry.init({ dsn: window.SENTRY_DSN, release: 'page@3.1.0', environment: 'staging' });
Sentry.setUser({ id: '99', email: 'linus@page.example' });
Sentry.setTag('region', 'eu-west');
window.flushSentry = () => Sentry.flush(5000).then(() => Date.now());

// A small program that fails the way real ones do: an exception nobody catches.
import * as Sentry from '@sentry/node';

Sentry.init({ dsn: process.env.SENTRY_DSN, release: 'shop@1.4.2', environment: 'staging' });
Sentry.setUser({ id: '42', email: 'ada@shop.example' });
Sentry.setTag('region', 'eu-west');
Sentry.addBreadcrumb({ category: 'cart', message: 'two items added' });

function priceOf(item) {
  const discount = item.offer.discount;
  return item.price * (1 - discount);
}

function checkout(cart) {
  return cart.map(priceOf);
}


checkout([{ price: 12 }]);

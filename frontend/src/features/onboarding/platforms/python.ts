import type { Dsn } from '../dsn.ts';
import { example, type Platform, pip, type Snippet } from './platform.ts';

const initialise = ({ text }: Dsn): string =>
  `import sentry_sdk\n\nsentry_sdk.init(\n    dsn="${text}",\n    release="${example.release}",\n    environment="${example.environment}",\n)`;

const configure =
  (file: string, after = '') =>
  (dsn: Dsn): Snippet => ({ file, language: 'python', code: initialise(dsn) + after });

export const python: Platform = {
  id: 'python',
  name: 'Python',
  words: 'server script backend py',
  install: pip('sentry-sdk'),
  configure: configure('main.py'),
  verify: () => ({
    file: 'main.py',
    language: 'python',
    code: 'raise RuntimeError("The first event of this program")',
  }),
};

export const django: Platform = {
  id: 'python-django',
  name: 'Django',
  words: 'python web server backend',
  install: pip('sentry-sdk'),
  configure: configure('settings.py'),
  verify: () => ({
    file: 'urls.py',
    language: 'python',
    code: 'from django.urls import path\n\n\ndef broken(request):\n    raise RuntimeError("The first event of this site")\n\n\nurlpatterns += [path("broken/", broken)]',
  }),
};

export const flask: Platform = {
  id: 'python-flask',
  name: 'Flask',
  words: 'python web server backend',
  install: pip('"sentry-sdk[flask]"'),
  configure: configure('app.py', '\n\napp = Flask(__name__)'),
  verify: () => ({
    file: 'app.py',
    language: 'python',
    code: '@app.route("/broken")\ndef broken():\n    raise RuntimeError("The first event of this site")',
  }),
};

export const fastapi: Platform = {
  id: 'python-fastapi',
  name: 'FastAPI',
  words: 'python web server backend starlette',
  install: pip('"sentry-sdk[fastapi]"'),
  configure: configure('main.py', '\n\napp = FastAPI()'),
  verify: () => ({
    file: 'main.py',
    language: 'python',
    code: '@app.get("/broken")\nasync def broken():\n    raise RuntimeError("The first event of this service")',
  }),
};

// The crash-report dialog that Sentry.showReportDialog() loads from /api/embed/error-page/.  It runs in a page that is
// not ours: it lives in a shadow root, brings its style as an object (no policy forbids that), puts text in as text,
// and asks nobody but the server it came from.  Its words are the query's, else these; its fields are Sentry's.
((document) => {
  const source = new URL(document.currentScript.src);
  const asked = source.searchParams;
  const WORDS = {
    title: 'Something went wrong',
    subtitle: 'We have been told about it.',
    subtitle2: 'You can help us by saying what happened.',
    labelName: 'Name',
    labelEmail: 'E-mail',
    labelComments: 'What happened?',
    labelClose: 'Close',
    labelSubmit: 'Send report',
    errorGeneric: 'The report could not be sent. Please try again.',
    errorFormEntry: 'Please check the fields that are marked.',
    successMessage: 'Thank you. Your report has been sent.',
  };
  const words = (name) => asked.get(name) ?? WORDS[name];
  const STYLE = `
    :host { all: initial; }
    dialog {
      --ink: #1f2328; --soft: #59636e; --paper: #fff; --line: #818b98; --accent: #0b63ce; --wrong: #b3261e;
      box-sizing: border-box; width: min(30rem, calc(100vw - 2rem)); max-height: calc(100vh - 2rem); overflow: auto;
      padding: 1.5rem; border: 1px solid var(--line); border-radius: 12px; color: var(--ink);
      background: var(--paper); font: 1rem/1.5 system-ui, sans-serif; box-shadow: 0 16px 48px rgb(0 0 0 / 0.3);
    }
    dialog::backdrop { background: rgb(0 0 0 / 0.5); }
    h1 { margin: 0; font-size: 1.375rem; line-height: 1.3; }
    p { margin: 0.25rem 0 0; color: var(--soft); }
    form { display: grid; gap: 1rem; margin-top: 1.25rem; }
    label { display: grid; gap: 0.25rem; font-weight: 600; }
    input, textarea {
      box-sizing: border-box; width: 100%; padding: 0.5rem 0.75rem; border: 1px solid var(--line); border-radius: 6px;
      color: inherit; background: transparent; font: inherit; font-weight: 400;
    }
    textarea { min-height: 7rem; resize: vertical; }
    [aria-invalid='true'] { border-color: var(--wrong); box-shadow: 0 0 0 1px var(--wrong); }
    .wrong { color: var(--wrong); font-size: 0.875rem; font-weight: 400; }
    .wrong:empty { display: none; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    footer { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 0.75rem; }
    button {
      padding: 0.5rem 1rem; border: 1px solid var(--line); border-radius: 6px; color: inherit; background: transparent;
      font: inherit; font-weight: 600; cursor: pointer;
    }
    button[type='submit'] { border-color: var(--accent); color: #fff; background: var(--accent); }
    button:disabled { opacity: 0.6; cursor: default; }
    @media (prefers-color-scheme: dark) {
      dialog {
        --ink: #e6edf3; --soft: #9aa4af; --paper: #161b22; --line: #6e7681; --accent: #1f6feb; --wrong: #ff8880;
      }
    }
  `;

  /** An element with properties, attributes and children. */
  const make = (tag, { attributes = {}, ...properties } = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  const fields = [
    ['name', 'labelName', make('input', { maxLength: 128, autocomplete: 'name', value: asked.get('name') ?? '' })],
    [
      'email',
      'labelEmail',
      make('input', { type: 'email', maxLength: 75, autocomplete: 'email', value: asked.get('email') ?? '' }),
    ],
    ['comments', 'labelComments', make('textarea', { maxLength: 4096 })],
  ].map(([name, label, control]) => {
    const wrong = make('span', { className: 'wrong', id: `${name}-wrong` });
    Object.assign(control, { name, required: true });
    control.setAttribute('aria-describedby', wrong.id);
    return { name, control, wrong, row: make('label', {}, words(label), control, wrong) };
  });
  const status = make('p', { attributes: { role: 'status' } });
  const submit = make('button', { type: 'submit', textContent: words('labelSubmit') });
  const close = make('button', { type: 'button', textContent: words('labelClose'), onclick: () => dialog.close() });
  const form = make(
    'form',
    { noValidate: true },
    ...fields.map(({ row }) => row),
    status,
    make('footer', {}, close, submit),
  );
  const title = make('h1', { id: 'title', textContent: words('title') });
  const dialog = make(
    'dialog',
    { lang: asked.get('lang') ?? 'en', attributes: { 'aria-labelledby': 'title' } },
    title,
    make('p', { textContent: words('subtitle') }),
    make('p', { textContent: words('subtitle2') }),
    form,
  );

  /** Shows what is wrong with which field; the first of them gets the focus. */
  const mark = (errors) => {
    for (const { name, control, wrong } of fields) {
      wrong.textContent = errors[name]?.join(' ') ?? '';
      control.setAttribute('aria-invalid', String(name in errors));
    }
    fields.find(({ name }) => name in errors)?.control.focus();
  };

  const send = async () => {
    const answer = await fetch(source, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
    if (answer.ok) return { message: words('successMessage'), sent: true };
    const { errors } = answer.status === 400 ? await answer.json() : {};
    return errors ? { message: words('errorFormEntry'), errors } : { message: words('errorGeneric') };
  };

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    submit.disabled = true;
    const { message, errors, sent } = await send().catch(() => ({ message: words('errorGeneric') }));
    status.textContent = message;
    submit.disabled = false;
    mark(errors ?? {});
    if (!sent) return;
    form.replaceChildren(status, make('footer', {}, close));
    close.focus();
  });
  const host = make('div');
  dialog.addEventListener('close', () => {
    host.remove();
    window.postMessage('__sentry_reportdialog_closed__', '*');
  });

  const style = new CSSStyleSheet();
  style.replaceSync(STYLE);
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [style];
  root.append(dialog);
  (document.body ?? document.documentElement).append(host);
  dialog.showModal();
})(document);

import './design/fonts.css';
import './design/colors.css';
import './design/tokens.css';
import './design/global.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Application, makeQueryClient } from './app/providers.tsx';
import { makeRouter } from './app/router.ts';
import { listenForShortcuts } from './lib/actions/registry.ts';
import { preferences } from './lib/preferences.ts';

listenForShortcuts(window);
preferences.followSystem();

const queryClient = makeQueryClient();
const router = makeRouter(queryClient);
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Application queryClient={queryClient} router={router} />
    </StrictMode>,
  );
}

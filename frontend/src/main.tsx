import './design/fonts.css';
import './design/colors.css';
import './design/tokens.css';
import './design/global.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Application } from './app/providers.tsx';
import { listenForShortcuts } from './lib/actions/registry.ts';
import { preferences } from './lib/preferences.ts';

listenForShortcuts(window);
preferences.followSystem();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Application />
    </StrictMode>,
  );
}

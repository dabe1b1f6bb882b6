import '../src/design/fonts.css';
import '../src/design/colors.css';
import '../src/design/tokens.css';
import '../src/design/global.css';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeAll } from 'vitest';

// As in index.html: keeps React Aria from injecting a <style>.
const marker = document.createElement('meta');
marker.id = 'react-aria-pressable-style';
document.head.append(marker);

// Widths are measured with the real fonts.
beforeAll(() => Promise.all([400, 500, 600].map((weight) => document.fonts.load(`${weight} 13px 'Inter Variable'`))));
configure({ testIdAttribute: 'data-test-id', asyncUtilTimeout: 8000 });
afterEach(cleanup);

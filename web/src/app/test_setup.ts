import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';
import { i18nStart, wordsLoad } from './i18n';

await i18nStart();
await wordsLoad('pages', 'staff', 'docs');
afterEach(cleanup);

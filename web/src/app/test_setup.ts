import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';
import { i18nStart, pageWordsLoad } from './i18n';

await i18nStart();
await pageWordsLoad();
afterEach(cleanup);

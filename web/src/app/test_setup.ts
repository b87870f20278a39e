import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';
import { i18nStart } from './i18n';

await i18nStart();
afterEach(cleanup);

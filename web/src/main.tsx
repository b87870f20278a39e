import '@fontsource-variable/atkinson-hyperlegible-next/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { i18nStart } from './app/i18n';
import { routerCreate } from './app/router';

// The client retries by itself (api/client.ts); a second layer of retries would only delay the error's words. Without a
// network a query fails and says so, instead of waiting without an end.
const queries = new QueryClient({
  defaultOptions: { queries: { retry: false, staleTime: 15_000, networkMode: 'always' } },
});
const router = routerCreate(queries);

await i18nStart();
const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);

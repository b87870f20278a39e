// The page map. Every page but the search is a chunk of its own.
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { SearchPage } from '../features/search/search_page';
import { searchParamsRead } from '../features/search/search_params';
import { pageWordsLoad } from './i18n';
import { NotFoundPage } from './not_found';
import { ErrorPage, Shell } from './shell';

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Shell,
  notFoundComponent: NotFoundPage,
  errorComponent: ({ error }) => (
    <main>
      <ErrorPage error={error} />
    </main>
  ),
});

/** A page of its own chunk, together with the words of the pages. */
function page<Module extends Record<string, unknown>, Name extends keyof Module & string>(
  load: () => Promise<Module>,
  name: Name,
) {
  return lazyRouteComponent(async () => {
    const [module] = await Promise.all([load(), pageWordsLoad()]);
    return module;
  }, name);
}

const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined);
const whole = (value: unknown) => (Number.isInteger(Number(value)) && Number(value) > 0 ? Number(value) : undefined);
const date = (value: unknown) => (/^\d{4}-\d\d-\d\d$/.test(text(value) ?? '') ? text(value) : undefined);

const search = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: SearchPage,
  validateSearch: searchParamsRead,
});

export interface DoctorParams {
  on?: string;
  at?: string;
  h?: number;
  n?: number;
}
const doctor = createRoute({
  getParentRoute: () => root,
  path: '/d/$id',
  component: page(() => import('../features/doctor/doctor_page'), 'DoctorPage'),
  validateSearch: (raw: Record<string, unknown>): DoctorParams => ({
    on: date(raw.on),
    at: text(raw.at),
    h: whole(raw.h),
    n: whole(raw.n),
  }),
});
const book = createRoute({
  getParentRoute: () => root,
  path: '/book/$id',
  component: page(() => import('../features/booking/book_page'), 'BookPage'),
});
const appointment = createRoute({
  getParentRoute: () => root,
  path: '/a/$id',
  component: page(() => import('../features/appointment/appointment_page'), 'AppointmentPage'),
});
const wait = createRoute({
  getParentRoute: () => root,
  path: '/wait/$id',
  component: page(() => import('../features/wait/wait_page'), 'WaitPage'),
});
const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: page(() => import('../features/login/login_page'), 'LoginPage'),
  // Only a path of our own may follow a login.
  validateSearch: (raw: Record<string, unknown>): { next?: string } => ({
    next: /^\/(?![/\\])/.test(text(raw.next) ?? '') ? text(raw.next) : undefined,
  }),
});
const me = createRoute({
  getParentRoute: () => root,
  path: '/me',
  component: page(() => import('../features/me/me_page'), 'MePage'),
});
const desk = createRoute({
  getParentRoute: () => root,
  path: '/desk/new',
  component: page(() => import('../features/desk/desk_new_page'), 'DeskNewPage'),
});

const routeTree = root.addChildren([search, doctor, book, appointment, wait, login, me, desk]);

export function routerCreate(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    scrollRestoration: true,
    defaultPreload: 'intent',
    defaultErrorComponent: ErrorPage,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof routerCreate>;
  }
}

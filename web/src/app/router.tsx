// The page map. Every page but the search is a chunk of its own.
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { SearchPage } from '../features/search/search_page';
import { searchParamsRead } from '../features/search/search_params';
import { wordsLoad } from './i18n';
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

/** A page of its own chunk, together with the words of its area. */
function page<Module extends Record<string, unknown>, Name extends keyof Module & string>(
  load: () => Promise<Module>,
  name: Name,
  ...areas: Parameters<typeof wordsLoad>
) {
  return lazyRouteComponent(async () => {
    const [module] = await Promise.all([load(), wordsLoad('pages', ...areas)]);
    return module;
  }, name);
}

const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined);
const day = (value: unknown) => (/^\d{4}-\d\d-\d\d$/.test(text(value) ?? '') ? text(value) : undefined);
const whole = (value: unknown) => (Number.isInteger(Number(value)) && Number(value) > 0 ? Number(value) : undefined);
const date = (value: unknown) => (/^\d{4}-\d\d-\d\d$/.test(text(value) ?? '') ? text(value) : undefined);

const yes = (value: unknown) => (value === true || value === 'true' ? true : undefined);

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
const board = createRoute({
  getParentRoute: () => root,
  path: '/desk',
  component: page(() => import('../features/reception/board_page'), 'BoardPage', 'staff'),
  validateSearch: (raw: Record<string, unknown>): { doctor?: number; h?: number } => ({
    doctor: whole(raw.doctor),
    h: whole(raw.h),
  }),
});
const followUps = createRoute({
  getParentRoute: () => root,
  path: '/desk/follow-ups',
  component: page(() => import('../features/reception/follow_ups_page'), 'FollowUpsPage', 'staff', 'portals'),
  validateSearch: (raw: Record<string, unknown>): { h?: number } => ({ h: whole(raw.h) }),
});
const display = createRoute({
  getParentRoute: () => root,
  path: '/display/$id',
  component: page(() => import('../features/reception/display_page'), 'DisplayPage', 'staff'),
});
const account = createRoute({
  getParentRoute: () => root,
  path: '/me/account',
  component: page(() => import('../features/account/account_page'), 'AccountPage', 'keys'),
});
const inbox = createRoute({
  getParentRoute: () => root,
  path: '/me/messages',
  component: page(() => import('../features/inbox/inbox_page'), 'InboxPage'),
  validateSearch: (raw: Record<string, unknown>): { unread?: true } => ({
    unread: yes(raw.unread),
  }),
});
const token = (raw: Record<string, unknown>): { token?: string } => ({ token: text(raw.token) });
const passwordLink = createRoute({
  getParentRoute: () => root,
  path: '/password/new',
  component: page(() => import('../features/login/link_page'), 'PasswordLinkPage'),
  validateSearch: token,
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: page(() => import('../features/login/link_page'), 'InvitationPage'),
  validateSearch: token,
});
const desk = createRoute({
  getParentRoute: () => root,
  path: '/desk/new',
  component: page(() => import('../features/desk/desk_new_page'), 'DeskNewPage', 'staff', 'portals'),
  validateSearch: (raw: Record<string, unknown>): { p?: number } => ({ p: whole(raw.p) }),
});

const registry = createRoute({
  getParentRoute: () => root,
  path: '/desk/patients/$id',
  component: page(() => import('../features/desk/registry_page'), 'RegistryPage', 'staff', 'portals'),
});

interface DayParams {
  on?: string;
}
const doctorDay = createRoute({
  getParentRoute: () => root,
  path: '/doc/today',
  component: page(() => import('../features/day/doctor_day_page'), 'DoctorDayPage', 'staff', 'portals'),
  validateSearch: (raw: Record<string, unknown>): DayParams => ({ on: date(raw.on) }),
});
const visit = createRoute({
  getParentRoute: () => root,
  path: '/doc/visit/$id',
  component: page(() => import('../features/visit/visit_page'), 'VisitPage', 'staff'),
});
const patients = createRoute({
  getParentRoute: () => root,
  path: '/doc/patients',
  component: page(() => import('../features/patients/patients_page'), 'PatientsPage', 'staff', 'portals'),
  validateSearch: (raw: Record<string, unknown>): { q?: string } => ({ q: text(raw.q) }),
});
const history = createRoute({
  getParentRoute: () => root,
  path: '/doc/patients/$id',
  component: page(() => import('../features/patients/history_page'), 'HistoryPage', 'staff', 'portals'),
});
const referrals = createRoute({
  getParentRoute: () => root,
  path: '/doc/referrals',
  component: page(() => import('../features/patients/referrals_page'), 'ReferralsPage', 'staff', 'portals'),
  validateSearch: (raw: Record<string, unknown>): { direction?: 'received' } => ({
    direction: raw.direction === 'received' ? 'received' : undefined,
  }),
});
const records = createRoute({
  getParentRoute: () => root,
  path: '/me/records',
  component: page(() => import('../features/records/records_page'), 'RecordsPage', 'staff'),
});
const prescription = createRoute({
  getParentRoute: () => root,
  path: '/prescriptions/$id',
  component: page(() => import('../features/records/prescription_page'), 'PrescriptionPage', 'staff'),
});
const ownSchedule = createRoute({
  getParentRoute: () => root,
  path: '/doc/schedule',
  component: page(() => import('../features/schedule/own_schedule_page'), 'OwnSchedulePage', 'staff'),
});
const deskDay = createRoute({
  getParentRoute: () => root,
  path: '/desk/day',
  component: page(() => import('../features/day/desk_day_page'), 'DeskDayPage', 'staff'),
  validateSearch: (raw: Record<string, unknown>): DayParams & { doctor?: number; h?: number } => ({
    on: date(raw.on),
    doctor: whole(raw.doctor),
    h: whole(raw.h),
  }),
});
const apply = createRoute({
  getParentRoute: () => root,
  path: '/hospitals/apply',
  component: page(() => import('../features/apply/apply_page'), 'ApplyPage', 'staff', 'keys'),
});
const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  component: page(() => import('../features/admin/admin_page'), 'AdminPage', 'staff', 'portals'),
  validateSearch: (raw: Record<string, unknown>): { h?: number } => ({ h: whole(raw.h) }),
});
const hospitals = createRoute({
  getParentRoute: () => root,
  path: '/admin/hospitals',
  component: page(() => import('../features/admin/hospitals_page'), 'HospitalsPage', 'staff', 'keys'),
  validateSearch: (raw: Record<string, unknown>): { q?: string; status?: string } => ({
    q: text(raw.q),
    status: text(raw.status),
  }),
});
const hospital = createRoute({
  getParentRoute: () => root,
  path: '/admin/hospitals/$id',
  component: page(() => import('../features/admin/hospital_page'), 'HospitalPage', 'staff', 'portals', 'keys'),
});
const doctors = createRoute({
  getParentRoute: () => root,
  path: '/admin/doctors',
  component: page(() => import('../features/admin/doctors_page'), 'DoctorsPage', 'staff'),
  validateSearch: (raw: Record<string, unknown>): { q?: string; h?: number; status?: string } => ({
    q: text(raw.q),
    h: whole(raw.h),
    status: text(raw.status),
  }),
});
const doctorEdit = createRoute({
  getParentRoute: () => root,
  path: '/admin/doctors/$id',
  component: page(() => import('../features/admin/doctor_edit_page'), 'DoctorEditPage', 'staff'),
  validateSearch: (raw: Record<string, unknown>): { h?: number } => ({ h: whole(raw.h) }),
});
const doctorSchedule = createRoute({
  getParentRoute: () => root,
  path: '/admin/doctors/$id/schedule',
  component: page(() => import('../features/admin/doctor_schedule_page'), 'DoctorSchedulePage', 'staff'),
});
const users = createRoute({
  getParentRoute: () => root,
  path: '/admin/users',
  component: page(() => import('../features/admin/users_page'), 'UsersPage', 'staff'),
  validateSearch: (raw: Record<string, unknown>): { q?: string; role?: string; status?: string } => ({
    q: text(raw.q),
    role: text(raw.role),
    status: text(raw.status),
  }),
});
const stats = createRoute({
  getParentRoute: () => root,
  path: '/admin/stats',
  component: page(() => import('../features/stats/stats_page'), 'StatsPage', 'staff', 'portals'),
  validateSearch: (
    raw: Record<string, unknown>,
  ): { h?: number; days?: 7 | 30 | 90 | 365; from?: string; to?: string } => ({
    h: whole(raw.h),
    days: ([7, 30, 90, 365] as const).find((one) => one === Number(raw.days)),
    from: date(raw.from),
    to: date(raw.to),
  }),
});
const approvals = createRoute({
  getParentRoute: () => root,
  path: '/admin/approvals',
  component: page(() => import('../features/admin/approvals_page'), 'ApprovalsPage', 'staff', 'portals', 'keys'),
});
const invitations = createRoute({
  getParentRoute: () => root,
  path: '/admin/invitations',
  component: page(() => import('../features/admin/invitations_page'), 'InvitationsPage', 'staff', 'portals'),
});
const emergencies = createRoute({
  getParentRoute: () => root,
  path: '/admin/emergencies',
  component: page(() => import('../features/admin/emergencies_page'), 'EmergenciesPage', 'staff', 'portals'),
  validateSearch: (raw: Record<string, unknown>): { h?: number; open?: true } => ({
    h: whole(raw.h),
    open: yes(raw.open),
  }),
});
const deliveries = createRoute({
  getParentRoute: () => root,
  path: '/admin/deliveries',
  component: page(() => import('../features/admin/deliveries_page'), 'DeliveriesPage', 'staff', 'portals'),
  validateSearch: (
    raw: Record<string, unknown>,
  ): { h?: number; status?: 'waiting' | 'sent' | 'failed' | 'dropped' } => ({
    h: whole(raw.h),
    status: (['waiting', 'sent', 'failed', 'dropped'] as const).find((one) => one === raw.status),
  }),
});
const webhooks = createRoute({
  getParentRoute: () => root,
  path: '/admin/webhooks',
  component: page(() => import('../features/admin/webhooks_page'), 'WebhooksPage', 'staff', 'portals'),
  validateSearch: (raw: Record<string, unknown>): { h?: number } => ({ h: whole(raw.h) }),
});
const adminExports = createRoute({
  getParentRoute: () => root,
  path: '/admin/exports',
  component: page(() => import('../features/exports/exports_page'), 'AdminExportsPage', 'staff', 'portals'),
});
const ownExports = createRoute({
  getParentRoute: () => root,
  path: '/me/exports',
  component: page(() => import('../features/exports/exports_page'), 'OwnExportsPage', 'staff', 'portals'),
});
const reviews = createRoute({
  getParentRoute: () => root,
  path: '/admin/reviews',
  component: page(() => import('../features/admin/reviews_page'), 'ReviewsPage', 'staff'),
  validateSearch: (raw: Record<string, unknown>): { h?: number } => ({ h: whole(raw.h) }),
});
const errors = createRoute({
  getParentRoute: () => root,
  path: '/admin/errors',
  component: page(() => import('../features/admin/errors_page'), 'ErrorsPage', 'staff'),
  validateSearch: (raw: Record<string, unknown>): { code?: string; hours?: '1' | '24' | '168' } => ({
    code: text(raw.code),
    hours: (['1', '24', '168'] as const).find((span) => span === text(raw.hours)),
  }),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: '/admin/audit',
  component: page(() => import('../features/admin/audit_page'), 'AuditPage', 'staff'),
  validateSearch: (
    raw: Record<string, unknown>,
  ): {
    actor?: number;
    patient?: number;
    operation?: string;
    outcome?: 'done' | 'refused';
    from?: string;
    to?: string;
  } => ({
    actor: whole(raw.actor),
    patient: whole(raw.patient),
    operation: text(raw.operation),
    outcome: (['done', 'refused'] as const).find((outcome) => outcome === text(raw.outcome)),
    from: day(raw.from),
    to: day(raw.to),
  }),
});

const keys = createRoute({
  getParentRoute: () => root,
  path: '/admin/keys',
  component: page(() => import('../features/admin/keys_page'), 'KeysPage', 'staff', 'portals', 'keys'),
  validateSearch: (raw: Record<string, unknown>): { q?: string; state?: 'good' | 'ended' } => ({
    q: text(raw.q),
    state: (['good', 'ended'] as const).find((one) => one === raw.state),
  }),
});

const accessibility = createRoute({
  getParentRoute: () => root,
  path: '/accessibility',
  component: page(() => import('../features/accessibility/accessibility_page'), 'AccessibilityPage'),
});
const docs = createRoute({
  getParentRoute: () => root,
  path: '/docs',
  component: page(() => import('../features/docs/docs_page'), 'DocsPage', 'docs'),
});

const routeTree = root.addChildren([
  search,
  doctor,
  book,
  appointment,
  wait,
  login,
  me,
  board,
  display,
  account,
  inbox,
  passwordLink,
  invitation,
  desk,
  deskDay,
  registry,
  followUps,
  doctorDay,
  visit,
  patients,
  history,
  referrals,
  records,
  prescription,
  ownSchedule,
  apply,
  admin,
  hospitals,
  hospital,
  doctors,
  doctorEdit,
  doctorSchedule,
  users,
  stats,
  approvals,
  invitations,
  emergencies,
  deliveries,
  webhooks,
  adminExports,
  ownExports,
  reviews,
  errors,
  audit,
  keys,
  accessibility,
  docs,
]);

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

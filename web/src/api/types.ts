// The API's resources as the UI sees them: the generated schema under the UI's names. Where the document says less
// than the server keeps (a role is any string there), the narrower type stands here with its reason. A member the
// server drops or renames fails the typecheck.
import type { components, paths } from './schema';

type Schemas = components['schemas'];
/** Replaces members by narrower ones; only members the document has can be narrowed. */
type Narrow<Base, Members extends { [Name in keyof Base]?: unknown }> = Omit<Base, keyof Members> & Members;

export type Instant = string;
export type LocalDate = string;

export type Money = Schemas['Money'];
export type Named = Schemas['Named'];
export interface Page<T> {
  items: T[];
  next?: string;
}

export type Role = 'patient' | 'doctor' | 'front_desk' | 'ward_admin' | 'hospital_admin' | 'platform_admin';
export type User = Narrow<Schemas['User'], { role: Role; status: 'active' | 'pending' | 'disabled' }>;
/** An account in the lists of those who may look for it. */
export type Account = Narrow<Schemas['Account'], { role: Role; status: User['status'] }>;
/** What went wrong on the server's side; for the super administrator. */
export type ErrorEntry = Schemas['ErrorEntry'];
export type ErrorCounts = Schemas['ErrorCounts'];
/** The record of who did and saw what, and the rules that decide it. */
export type AuditRecord = Schemas['AuditRecord'];
export type AuditRecords = Schemas['AuditRecords'];
export type FollowUpDue = Schemas['FollowUpDue'];
export type AuditRule = Schemas['Rule'];
export type AuditRules = Schemas['Rules'];
export type Session = Narrow<Schemas['Session'], { user?: User }>;
export type Patient = Schemas['Patient'];
export type FamilyMember = Schemas['FamilyMember'];
export type OwnSession = Schemas['OwnSession'];
export type FactorState = Schemas['FactorState'];
export type FactorSecret = Schemas['FactorSecret'];
export type RecoveryCodes = Schemas['RecoveryCodes'];
export type Passkey = Schemas['Passkey'];
export type PasskeyOffer = Schemas['PasskeyOffer'];
export type PasskeyChallenge = Schemas['PasskeyChallenge'];
export type KeyScope = Schemas['KeyScope'];
export type ApiKey = Schemas['ApiKey'];
export type NewKey = Schemas['NewKey'];
/** With whose it is, for the platform's administrator. */
export type KeyOfUser = Narrow<Schemas['KeyOfUser'], { owner_role: Role }>;
export type KeyUsage = Schemas['KeyUsage'];

export type City = Schemas['CityItem'];
export type Speciality = Schemas['SpecialityItem'];
export type Hospital = Schemas['HospitalItem'];
export type HospitalApplication = Schemas['HospitalApplication'];
export type Practice = Schemas['PracticeItem'];
/** One of a list; the profile has more. */
export type Doctor = Schemas['DoctorItem'];
export type DoctorProfile = Schemas['DoctorProfile'];
export type DoctorPage = Schemas['DoctorPage'];
export type DoctorQuery = NonNullable<paths['/api/doctors']['get']['parameters']['query']>;
export type Facet = Schemas['FacetItem'];

export type SuggestionList = Schemas['SuggestionList'];
export type Suggestion = Schemas['SuggestionItem'];

/** What everybody may read of a review; its author and the hospital's administrators see more. */
export type PublicReview = Schemas['PublicReview'];
export type Review = Schemas['Review'];

/** How many gave one star, two, … five. */
export type StarCounts = Schemas['StarCounts'];
export type DoctorReviewList = Schemas['DoctorReviewList'];

/** A doctor as administrators list one, found by patients or not. */
export type RosterDoctor = Schemas['RosterItem'];
export type Department = Schemas['DepartmentItem'];
export type HospitalCreate = Schemas['HospitalCreate'];
export type PracticeInput = Schemas['PracticeInput'];

export type Schedule = Schemas['ScheduleView'];
export type Shift = Schemas['ShiftView'];
export type ShiftInput = Schemas['ShiftInput'];
export type ScheduleException = Schemas['ExceptionView'];
export type ExceptionCreate = Schemas['ScheduleExceptionCreateBody'];

export type SlotStatus = Schemas['SlotState'];
export type Slot = Schemas['Slot'];
export type SlotList = Schemas['SlotList'];

export type AppointmentStatus = Schemas['AppointmentStatus'];
/** `none` is what an appointment says that nothing was asked for. */
export type PaymentStatus = Schemas['PaymentStatus'] | 'none';
export type Hold = Schemas['Hold'];
export type Appointment = Narrow<Schemas['Appointment'], { payment: { status: PaymentStatus } }>;
export type Payment = Schemas['HoldPayment'];

export type Arrival = Schemas['Arrival'];
export type Board = Schemas['Board'];
export type BoardRow = Schemas['BoardRow'];
export type Display = Schemas['Display'];
export type DisplayRow = Schemas['DisplayRow'];

export type WaitStatus = Schemas['WaitStatus'];
export type Offer = Schemas['Offer'];
/** The days waited for are told by the servers that keep them in the answer. */
export type Wait = Schemas['Wait'] & { from?: LocalDate; to?: LocalDate };

/** A problem's further members are strings of their own: what to follow next. */
export type ProblemBody = Narrow<Schemas['Problem'], { type?: string }> & {
  detail?: string;
  hold?: string;
  wait?: string;
};

export type Treatment = Schemas['Treatment'];
export type TreatmentUpdate = Schemas['TreatmentUpdateBody'];
export type VisitNote = Schemas['Note'];
export type Vitals = Schemas['Vitals'];
export type Diagnosis = Schemas['Diagnosis'];
export type DiagnosisCode = Schemas['DiagnosisCode'];
export type PatientSummary = Schemas['PatientSummary'];
export type Prescription = Schemas['Prescription'];
export type AppNotification = Schemas['Notification'];
export type NotificationList = Schemas['NotificationList'];
export type Preferences = Schemas['Preferences'];
export type CalendarAddress = Schemas['CalendarAddress'];
export type Delivery = Schemas['Delivery'];
export type HospitalChat = Schemas['HospitalChat'];
export type Webhook = Schemas['Webhook'];
export type WebhookList = Schemas['WebhookList'];
export type WebhookWithSecret = Schemas['WebhookWithSecret'];
export type WebhookCall = Schemas['WebhookCall'];
export type Invitation = Narrow<Schemas['Invitation'], { role: Role }>;
export type NoShows = Schemas['NoShows'];
export type Stats = Schemas['Stats'];
export type Registration = Schemas['RecordsRegistration'];
export type Identifier = Schemas['Identifier'];
export type MergeView = Schemas['MergeView'];
export type PatientCard = Schemas['PatientCard'];
export type PossibleDuplicate = Schemas['Duplicate'];
export type DoctorPatient = Schemas['DoctorPatient'];
export type EmergencyAccess = Schemas['EmergencyAccess'];
export type Referral = Schemas['Referral'];
export type TestOrder = Schemas['TestOrder'];
export type TimelineItem = Schemas['TimelineItem'];
export type RecordAccess = Schemas['RecordAccess'];
export type RecordDocument = Schemas['Document'];

/** A file of treatments that is made in the background. */
export type Export = Schemas['Export'];
export type ExportCreate = Schemas['ExportCreate'];

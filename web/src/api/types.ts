// The API's resources as the UI sees them, in one place. Hand-written after the contract until it is generated
// from the OpenAPI document; members keep the API's own names.

export type Instant = string;
export type LocalDate = string;

export interface Money {
  amount_minor: number;
  currency: string;
}
export interface Page<T> {
  items: T[];
  next?: string;
}
export interface Named {
  id: number;
  name: string;
}

export type Role = 'patient' | 'doctor' | 'front_desk' | 'ward_admin' | 'hospital_admin' | 'platform_admin';
export interface User {
  id: number;
  role: Role;
  name: string;
  status: 'active' | 'pending' | 'disabled';
  hospital_id?: number;
  doctor_id?: number;
}
export interface Session {
  user?: User | null;
  csrf_token?: string;
}
export interface Patient {
  id: number;
  name: string;
  phone?: string;
  email?: string;
  birth_on?: LocalDate;
}

export interface City extends Named {
  state?: string;
  hospitals: number;
  doctors: number;
}
export interface Speciality extends Named {
  doctors: number;
}
export interface Hospital extends Named {
  city_id: number;
  city_name: string;
  address?: string;
  postal_code?: string;
  time_zone: string;
  phone?: string;
}
export interface Practice {
  hospital_id: number;
  hospital_name: string;
  city_name: string;
  fee: Money;
  time_zone: string;
}
export interface Doctor extends Named {
  title?: string;
  speciality: Named;
  qualification?: string;
  experience_years?: number;
  languages: string[];
  rating?: number;
  reviews?: number;
  bio?: string;
  image_url?: string;
  /** Absent for a doctor without a practice. */
  city?: Named | null;
  practices: Practice[];
  distance_km?: number;
  first_free_at?: Instant;
  next_free?: Instant[];
  max_booking_days?: number;
  telephone?: string;
  email?: string;
}
export interface Facet extends Named {
  count: number;
}
export interface DoctorPage extends Page<Doctor> {
  total: number;
  suggestion?: string;
  facets?: { specialities?: Facet[]; cities?: Facet[]; languages?: { name: string; count: number }[] };
}

export type SlotStatus = 'free' | 'held' | 'booked';
export interface Slot {
  starts_at: Instant;
  ends_at: Instant;
  hospital_id: number;
  status: SlotStatus;
  frees_by?: Instant;
}
export interface SlotList {
  time_zone: string;
  items: Slot[];
}

export type AppointmentStatus = 'pending' | 'booked' | 'arrived' | 'fulfilled' | 'cancelled' | 'noshow' | 'expired';
export type PaymentStatus = 'none' | 'requested' | 'captured' | 'settled' | 'failed' | 'refund_due' | 'refunded';
export interface Hold {
  id: number;
  status: AppointmentStatus | 'released';
  doctor_id: number;
  hospital_id: number;
  patient_id: number;
  starts_at: Instant;
  ends_at: Instant;
  slots?: number;
  expires_at: Instant;
  server_now?: Instant;
  price: Money;
  payment?: { status: PaymentStatus };
  reason?: string;
  outcome?: string;
}
export interface Appointment {
  id: number;
  status: AppointmentStatus;
  doctor_id: number;
  doctor_name: string;
  hospital_id: number;
  hospital_name: string;
  time_zone: string;
  patient_id: number;
  patient_name?: string;
  starts_at: Instant;
  ends_at: Instant;
  slots?: number;
  price: Money;
  payment?: { status: PaymentStatus };
  outcome?: string;
  expires_at?: Instant;
  channel?: string;
  reason?: string;
  cancel_reason?: string;
  version?: number;
}
export interface Payment {
  id: number;
  status: string;
  hold_id: number;
}

export type WaitStatus = 'waiting' | 'offered' | 'booked' | 'left' | 'lapsed' | 'unserved' | 'expired';
export interface Offer {
  hold_id: number;
  starts_at: Instant;
  ends_at: Instant;
  expires_at: Instant;
  hospital_id?: number;
}
export interface Wait {
  id: number;
  status: WaitStatus;
  doctor_id: number;
  hospital_id?: number;
  from?: LocalDate;
  to?: LocalDate;
  slots?: number;
  position?: number;
  ticket?: string | number;
  estimate_seconds?: number;
  joined_at: Instant;
  expires_at: Instant;
  server_now?: Instant;
  offer?: Offer;
  outcome?: string;
}

export interface ProblemBody {
  type?: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  request_id?: string;
  errors?: { pointer: string; detail: string }[];
  outcome?: string;
  hold?: string;
  wait?: string;
}

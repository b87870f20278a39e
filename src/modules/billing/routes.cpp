// The routes of billing.
#include "modules/billing/errors.h"
#include "modules/billing/service.h"

namespace fairward::billing {

void BillingService::routes(api::Routes& routes) {
  routes.module("billing");
  routes.add(http::Method::get, "/api/payments/{id}", "payment_get", this, &BillingService::payment_get)
      .summary("A payment and what became of it")
      .about_patients()
      .allow(api::Role::patient, api::Scope::own)
      .allow_staff()
      .long_poll()
      .problems({&payment_not_found});
  routes.add(http::Method::post, "/api/payments/webhook", "payment_webhook", this, &BillingService::webhook)
      .summary("The payment gateway tells what became of a payment")
      .describe(
          "Signed as Standard Webhooks define: webhook-id, webhook-timestamp, webhook-signature. A message may come "
          "twice and in any order.")
      .allow_anyone()
      .forgive_credentials()
      .raw_body()
      .prepare(this, &BillingService::webhook_prepare)
      .problems({&signature_invalid, &webhook_invalid, &payment_not_found});
}

// Errors: payment_not_found, also when the caller may not see it.
Result<PaymentView> BillingService::payment_get(Snapshot& db, Call& call, const PaymentGet& query) {
  const auto payment = payment_find(db, query.id);
  if (!payment || !call.reaches(payment->payer, payment->hospital.value_or(HospitalId{})))
    return fail(payment_not_found);
  call.concerns(payment->payer);
  call.etag(payment->version);
  call.watch(payment->payable_kind + "/" + std::to_string(payment->payable_id));
  return PaymentView{payment->id,           payment->status,      payment->payable_kind,
                     payment->payable_id,   payment->method,      {payment->amount_minor, payment->currency},
                     payment->requested_at, payment->answered_at, payment->refunded_at};
}

}  // namespace fairward::billing

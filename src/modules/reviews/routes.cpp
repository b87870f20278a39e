// The reviews' route table.
#include "modules/reviews/errors.h"
#include "modules/reviews/module.h"

namespace fairward::reviews {

using api::Role;
using api::Scope;
using http::Method;

void Module::routes(api::Routes& routes) {
  routes.module("reviews");
  routes.add(Method::get, "/api/doctors/{id}/reviews", "doctor_review_list", this, &Module::doctor_review_list)
      .summary("What patients say of a doctor, newest first")
      .allow_anyone()
      .problems({&list_invalid, &doctor_not_found});
  routes.add(Method::post, "/api/doctors/{id}/reviews", "review_create", this, &Module::review_create)
      .summary("Reviews a finished visit, once")
      .allow(Role::patient, Scope::own)
      .problems({&visit_not_found, &visit_not_finished, &review_exists})
      .order_by(&ReviewCreate::id);
  routes.add(Method::get, "/api/reviews", "review_list", this, &Module::review_list)
      .summary("One's own reviews; a hospital's, hidden ones too")
      .allow(Role::patient, Scope::own)
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&list_invalid});
  routes.add(Method::get, "/api/reviews/{id}", "review_get", this, &Module::review_get)
      .summary("One review, for its author and the hospital's administrators")
      .allow(Role::patient, Scope::own)
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&review_not_found});
  routes.add(Method::put, "/api/reviews/{id}", "review_update", this, &Module::review_update)
      .summary("Changes one's own review")
      .allow(Role::patient, Scope::own)
      .problems({&review_not_found});
  routes.add(Method::put, "/api/reviews/{id}/hidden", "review_hide", this, &Module::review_hide)
      .summary("Hides a review from everybody, or shows it again; a hidden one does not count")
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&review_not_found});
}

}  // namespace fairward::reviews

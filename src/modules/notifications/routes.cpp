// The notifications' route table.
#include "modules/notifications/errors.h"
#include "modules/notifications/module.h"

namespace fairward::notifications {

using api::Role;
using api::Scope;
using http::Method;

void Module::routes(api::Routes& routes) {
  routes.module("notifications");
  routes.add(Method::get, "/api/me/notifications", "notification_list", this, &Module::notification_list)
      .summary("What the caller has been told, newest first, in the caller's language")
      .allow_own_account()
      .long_poll()
      .problems({&list_invalid});
  routes.add(Method::put, "/api/me/notifications/read", "notifications_read", this, &Module::notifications_read)
      .summary("Marks a notification and all before it as read")
      .allow_own_account();
  routes.add(Method::put, "/api/me/notifications/{id}/read", "notification_read", this, &Module::notification_read)
      .summary("Marks one notification as read")
      .allow_own_account()
      .problems({&notification_not_found});
  routes.add(Method::get, "/api/me/notification-preferences", "preferences_get", this, &Module::preferences_get)
      .summary("How the caller wants to be told of what")
      .allow_own_account();
  routes.add(Method::put, "/api/me/notification-preferences", "preferences_put", this, &Module::preferences_put)
      .summary("Changes how the caller wants to be told; what is not named stays")
      .allow_own_account()
      .problems({&preferences_invalid});
  routes.add(Method::get, "/api/notifications/deliveries", "delivery_list", this, &Module::delivery_list)
      .summary("How messages were delivered, newest first; never what they said")
      .about_patients()
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&list_invalid});
  routes.add(Method::get, "/api/notifications/hospitals/{id}", "hospital_chat_get", this, &Module::hospital_chat_get)
      .summary("Where the hospital's own messages go: its chat room")
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .secret_reply()
      .problems({&hospital_not_found});
  routes.add(Method::put, "/api/notifications/hospitals/{id}", "hospital_chat_put", this, &Module::hospital_chat_put)
      .summary("Says where the hospital's own messages go; the month's report is sent there as a card")
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .secret_reply()
      .problems({&hospital_not_found, &url_refused});
  routes.add(Method::get, "/api/me/calendar", "calendar_get", this, &Module::calendar_get)
      .summary("The address of the caller's private calendar")
      .allow_own_account()
      .secret_reply()
      .problems({&calendar_not_found});
  routes.add(Method::put, "/api/me/calendar", "calendar_put", this, &Module::calendar_put)
      .summary("Makes a new address for the caller's private calendar; one that there was is no more")
      .allow_own_account()
      .secret_reply();
  routes.add(Method::del, "/api/me/calendar", "calendar_delete", this, &Module::calendar_delete)
      .summary("Takes the address of the caller's private calendar back")
      .allow_own_account();
  routes.add(Method::get, "/api/calendar/{file}", "calendar_file_get", this, &Module::calendar_file_get)
      .summary("A private calendar (iCalendar), for programs that follow it; the address is the proof")
      .describe("A patient's holds the visits, a doctor's the times and places without names.")
      .about_patients()
      .allow_anyone()
      .forgive_credentials()
      .media_type("text/calendar; charset=utf-8")
      .problems({&calendar_not_found});
  webhook_routes(routes);
  routes.add(Method::get, "/api/sandbox/messages", "sandbox_list", this, &Module::sandbox_list)
      .summary("In a sandbox: the messages that would have been sent, with their codes")
      .allow_anyone()
      .forgive_credentials()
      .problems({&no_sandbox});
}

}  // namespace fairward::notifications

#include "modules/identity/family.h"

#include <fmt/format.h>

#include "modules/identity/errors.h"
#include "modules/identity/patients.h"

namespace fairward::identity {
namespace {

// Otherwise adding and ending in turn would make any number of people to hold slots for.
constexpr Duration ended_counts_for = days(30);

FamilyMember member_view(const GuardianRow& row) {
  return {row.dependent, row.name, row.relation, row.birth_on, row.sex, row.created_at};
}

void family_emit(Txn& txn, std::string_view kind, UserId guardian, UserId dependent) {
  txn.emit({fmt::format("user/{}", guardian.value), std::string(kind),
            fmt::format(R"({{"user_id":{},"patient_id":{}}})", guardian.value, dependent.value)});
}

}  // namespace

Result<Page<FamilyMember>> Family::family_list(Snapshot& db, Call& call, const api::Empty&) {
  Page<FamilyMember> page;
  for (const GuardianRow& row : guardian_links(db, call.caller.user)) page.items.push_back(member_view(row));
  call.concerns_all(page.items, &FamilyMember::id);
  return page;
}

Result<Created<FamilyMember>> Family::family_create(Txn& txn, Call& call, const FamilyCreate& body) {
  user_lock(txn, call.caller.user);
  if (guardian_links_count(txn, call.caller.user, call.now - ended_counts_for) >= options_.family_max)
    return fail(family_full);
  UserInsert person;
  person.name = body.name.value;
  person.birth_on = body.birth_on ? std::optional(to_iso(*body.birth_on)) : std::nullopt;
  person.sex = sex_text(body.sex);
  person.added_by = call.caller.user;
  const UserId id = user_insert(txn, person, call.now).value();
  guardian_insert(txn, call.caller.user, id, body.relation, call.now);
  user_emit(txn, "identity.patient_added", id);
  family_emit(txn, "identity.family_added", call.caller.user, id);
  sessions_.forget(txn, call.caller.user);
  call.concerns(id);
  return Created<FamilyMember>{{id, person.name, body.relation, person.birth_on, person.sex, call.now},
                               fmt::format("/api/me/family/{}", id.value)};
}

Result<NoContent> Family::family_delete(Txn& txn, Call& call, const FamilyPath& path) {
  if (!guardian_end(txn, call.caller.user, path.id, call.now)) return fail(family_not_found);
  family_emit(txn, "identity.family_ended", call.caller.user, path.id);
  sessions_.forget(txn, call.caller.user);
  call.concerns(path.id);
  return NoContent{};
}

}  // namespace fairward::identity

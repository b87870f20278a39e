// Declarations of routes, and what can be wrong with them: see routes.h.
#include "platform/api/routes.h"

#include <set>

#include "platform/api/router.h"

namespace fairward::api {
namespace {

// Can this type come from a path or a query string?
bool is_textual(const Type& type) {
  switch (type.kind) {
    case Type::Kind::structure:
    case Type::Kind::raw_json: return false;
    case Type::Kind::list: return type.item->kind != Type::Kind::list && is_textual(*type.item);
    case Type::Kind::optional: return is_textual(*type.item);
    default: return true;
  }
}

class Inspection {
 public:
  explicit Inspection(const RouteData& route) : route_(route) {}

  std::vector<std::string> faults() {
    if (route_.scopes == std::array<Scope, 8>{}) say("no line says who may call it (allow)");
    if (route_.tag.empty()) say("it belongs to no module (Routes::module)");
    if (route_.input->kind != Type::Kind::structure) say("its input is not a described struct");
    for (const std::string& path : route_.paths) path_inspect(path);
    query_inspect();
    types_agree();
    patients_inspect();
    return std::move(faults_);
  }

 private:
  void say(std::string_view what) { faults_.push_back(route_.name + ": " + std::string(what)); }

  void path_inspect(const std::string& path) {
    if (!path.starts_with('/')) say("a path begins with /");
    for (const std::string& name : path_parameters(path)) {
      const TypeMember* member = route_.input->member(name);
      if (!member) say("its input has no member for the path's {" + name + "}");
      else if (!is_textual(*member->type) || !member->type->is_required())
        say("{" + name + "} must be a plain, required value");
    }
    if (path_parameters(path) != path_parameters(route_.paths.front()))
      say("an alias has other parameters than the path");
  }
  void query_inspect() {
    if (route_.has_body()) return;
    for (const TypeMember& member : route_.input->members)
      if (!is_textual(*member.type)) say("the member " + std::string(member.name) + " cannot come from a query string");
  }
  void types_agree() {
    if (route_.order_input && route_.order_input != route_.input)
      say("order_by reads another struct than the operation's input");
    if (route_.prepare_input && route_.prepare_input != route_.input)
      say("prepare takes another struct than the operation");
    if (route_.needs_prepared && !route_.preparer)
      say("the operation expects what a prepare step made, and there is none");
    if (route_.preparer && route_.access == Access::memory) say("an operation from memory cannot have a prepare step");
    if (route_.memo && (route_.access != Access::memory || !route_.is_public))
      say("only a public reply from memory can be kept");
    if (route_.is_long_poll && route_.method != http::Method::get) say("only a GET can be a long poll");
    if (route_.is_long_poll && route_.input->member("wait")) say("the parameter wait belongs to the long poll");
  }

  // What names a patient is about patients.
  void patients_inspect() {
    const Type* body = route_.body;
    if (const TypeMember* items = body && body->kind == Type::Kind::structure ? body->member("items") : nullptr)
      body = items->type->item;
    if (body && body->kind == Type::Kind::structure && body->member("patient_id") && !route_.is_about_patients)
      say("its reply names a patient; declare it about_patients()");
  }

  const RouteData& route_;
  std::vector<std::string> faults_;
};

}  // namespace

bool RouteData::has_body() const {
  return method == http::Method::post || method == http::Method::put || method == http::Method::patch;
}

bool RouteData::is_idempotent_write() const { return access == Access::write && !is_secret_reply && !is_raw_body; }

Route& Route::allow(Role role, Scope scope) {
  data_->scopes[static_cast<std::size_t>(role)] = scope;
  return *this;
}

Route& Route::allow_anyone() {
  data_->scopes.fill(Scope::all);
  return *this;
}

Route& Route::allow_staff() {
  return allow(Role::front_desk, Scope::hospital)
      .allow(Role::ward_admin, Scope::hospital)
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all);
}

Route& Route::allow_signed_in() {
  return allow(Role::patient, Scope::own).allow(Role::doctor, Scope::own).allow_staff();
}

Route& Route::allow_own_account() {
  for (const Role role :
       {Role::patient, Role::doctor, Role::front_desk, Role::ward_admin, Role::hospital_admin, Role::platform_admin})
    allow(role, Scope::own);
  return for_people_only();
}

Route& Route::problems(std::initializer_list<const Problem*> list) {
  data_->problems.insert(data_->problems.end(), list);
  return *this;
}

RouteData& Routes::append(http::Method method, std::string path, std::string name,
                          std::unique_ptr<detail::Handler> handler) {
  auto data = std::make_unique<RouteData>();
  data->method = method;
  data->paths.push_back(std::move(path));
  data->name = std::move(name);
  data->tag = tag_;
  data->handler = std::move(handler);
  routes_.push_back(std::move(data));
  return *routes_.back();
}

std::vector<std::string> Routes::faults() const {
  std::vector<std::string> faults;
  std::set<std::string> names;
  std::set<std::pair<http::Method, std::string>> places;
  for (const auto& route : routes_) {
    for (std::string& fault : Inspection(*route).faults()) faults.push_back(std::move(fault));
    if (!names.insert(route->name).second) faults.push_back(route->name + ": two routes have this name");
    for (const std::string& path : route->paths)
      if (!places.emplace(route->method, path_shape(path)).second)
        faults.push_back(route->name + ": another route has this method and path");
  }
  return faults;
}

}  // namespace fairward::api

// Route and Routes: the declarations of routes.h at work. Included by routes.h only.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/api/codec.h"
#include "platform/api/reply_memo.h"

namespace fairward::api {

// What an operation is given of the database.
enum class Access : std::uint8_t { write, read, memory };

// Which token bucket a route draws from. login: guessing must be slow. write: what costs a transaction.
enum class RateClass : std::uint8_t { normal, login, write };

// What becomes of credentials that are wrong or expired.
enum class Credentials : std::uint8_t { checked, forgiven };

// What an operation answered, as text.
struct Reply {
  int status = 200;
  std::string body;                 // JSON; empty with 204
  std::string location;             // of 201
  std::optional<std::string> next;  // cursor of the page that follows
};

namespace detail {

// An object whose type only its maker knows.
using Box = std::unique_ptr<void, void (*)(void*)>;
template <class T>
Box box(T value) {
  return Box(std::make_unique<T>(std::move(value)).release(), [](void* p) { delete static_cast<T*>(p); });
}

// An operation without its types: db is the Txn or Snapshot that its access asks for, input and prepared came from it.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual Box input() const = 0;
  virtual Result<Reply> run(Snapshot* db, Call& call, const void* input, void* prepared) const = 0;
};

class Preparer {
 public:
  virtual ~Preparer() = default;
  virtual Result<Box> run(Outside& outside, Call& call, const void* input) const = 0;
};

template <class... A>
struct List {};

// Result type and arguments of whatever can be called.
template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class C, class R, class... A>
struct Signature<Result<R> (C::*)(A...)> {
  using Value = R;
  using Arguments = List<A...>;
};
template <class C, class R, class... A>
struct Signature<Result<R> (C::*)(A...) const> {
  using Value = R;
  using Arguments = List<A...>;
};
template <class R, class... A>
struct Signature<Result<R> (*)(A...)> {
  using Value = R;
  using Arguments = List<A...>;
};

// The four shapes of an operation. Another shape has no Shape: look at the list in routes.h.
template <class L>
struct Shape;
template <class In>
struct Shape<List<Txn&, Call&, const In&>> {
  using Input = In;
  using Prepared = void;
  static constexpr Access access = Access::write;
};
template <class In, class P>
struct Shape<List<Txn&, Call&, const In&, P&>> {
  using Input = In;
  using Prepared = P;
  static constexpr Access access = Access::write;
};
template <class In>
struct Shape<List<Snapshot&, Call&, const In&>> {
  using Input = In;
  using Prepared = void;
  static constexpr Access access = Access::read;
};
template <class In, class P>
struct Shape<List<Snapshot&, Call&, const In&, P&>> {
  using Input = In;
  using Prepared = P;
  static constexpr Access access = Access::read;
};
template <class In>
struct Shape<List<Call&, const In&>> {
  using Input = In;
  using Prepared = void;
  static constexpr Access access = Access::memory;
};
template <class L>
struct PrepareShape;
template <class In>
struct PrepareShape<List<Outside&, Call&, const In&>> {
  using Input = In;
};

// How a result type becomes a reply, and which shape the document shows; body == nullptr: none.
template <class R>
struct ReplyOf {
  static constexpr int status = 200;
  static const Type* body() { return &type_of<R>(); }
  static Reply make(R&& value) {
    Reply reply;
    encode(reply.body, value);
    return reply;
  }
};
template <class T>
struct ReplyOf<Created<T>> {
  static constexpr int status = 201;
  static const Type* body() { return &type_of<T>(); }
  static Reply make(Created<T>&& created) {
    Reply reply{status, {}, std::move(created.location), {}};
    encode(reply.body, created.value);
    return reply;
  }
};
template <class T>
struct ReplyOf<Accepted<T>> {
  static constexpr int status = 202;
  static const Type* body() { return &type_of<T>(); }
  static Reply make(Accepted<T>&& accepted) {
    Reply reply{status, {}, {}, {}};
    encode(reply.body, accepted.value);
    return reply;
  }
};
template <>
struct ReplyOf<NoContent> {
  static constexpr int status = 204;
  static const Type* body() { return nullptr; }
  static Reply make(NoContent&&) { return {status, {}, {}, {}}; }
};
template <class T>
struct ReplyOf<Page<T>> {
  static constexpr int status = 200;
  static const Type* body() { return &type_of<Page<T>>(); }
  static Reply make(Page<T>&& page) {
    Reply reply;
    encode(reply.body, page);
    reply.next = std::move(page.next);
    return reply;
  }
};
template <>
struct ReplyOf<File> {
  static constexpr int status = 200;
  static const Type* body() { return nullptr; }
  static Reply make(File&& file) {
    Reply reply;
    reply.body = std::move(file.bytes);
    return reply;
  }
};
template <class T>
struct ReplyOf<Serialized<T>> {
  static constexpr int status = 200;
  static const Type* body() { return &type_of<T>(); }
  static Reply make(Serialized<T>&& serialized) { return {status, std::move(serialized.json), {}, {}}; }
};

struct NoObject {};

template <class O, class F>
class Bound final : public Handler {
  using Value = typename Signature<F>::Value;
  using Form = Shape<typename Signature<F>::Arguments>;
  using Input = typename Form::Input;

 public:
  Bound(O* object, F function) : object_(object), function_(std::move(function)) {}
  Box input() const override { return box(Input{}); }
  Result<Reply> run(Snapshot* db, Call& call, const void* input, void* prepared) const override {
    Result<Value> result = invoke(db, call, *static_cast<const Input*>(input), prepared);
    if (!result) return Failed(std::move(result).error());
    return ReplyOf<Value>::make(std::move(*result));
  }

 private:
  Result<Value> invoke(Snapshot* db, Call& call, const Input& input, void* prepared) const {
    if constexpr (Form::access == Access::memory) return called(call, input);
    else if constexpr (Form::access == Access::write) return with(static_cast<Txn&>(*db), call, input, prepared);
    else return with(*db, call, input, prepared);
  }
  template <class Db>
  Result<Value> with(Db& db, Call& call, const Input& input, [[maybe_unused]] void* prepared) const {
    if constexpr (std::is_void_v<typename Form::Prepared>) return called(db, call, input);
    else return called(db, call, input, *static_cast<typename Form::Prepared*>(prepared));
  }
  template <class... A>
  Result<Value> called(A&... arguments) const {
    if constexpr (std::is_member_function_pointer_v<F>) return (object_->*function_)(arguments...);
    else return function_(arguments...);
  }
  O* object_;
  F function_;
};

template <class O, class F>
class BoundPreparer final : public Preparer {
  using Input = typename PrepareShape<typename Signature<F>::Arguments>::Input;

 public:
  BoundPreparer(O* object, F function) : object_(object), function_(function) {}
  Result<Box> run(Outside& outside, Call& call, const void* input) const override {
    auto result = (object_->*function_)(outside, call, *static_cast<const Input*>(input));
    if (!result) return Failed(std::move(result).error());
    return box(std::move(*result));
  }

 private:
  O* object_;
  F function_;
};

template <class T>
std::int64_t order_key(const T& value) {
  if constexpr (std::is_convertible_v<T, std::int64_t>) return static_cast<std::int64_t>(value);
  else if constexpr (requires { value.has_value(); }) return value ? order_key(*value) : 0;
  else return value.value;
}

template <class F>
struct KeyOf;
template <class C, class R, class In>
struct KeyOf<R (C::*)(const In&) const> {
  using Input = In;
};

}  // namespace detail

// One route as declared. Fields are read by the dispatcher and the API document; modules use the builders only.
struct RouteData {
  http::Method method = http::Method::get;
  std::vector<std::string> paths;  // the first is the one that the document shows; then the aliases
  std::string name;                // operation id, metric and audit name: "hold_create"
  std::string tag;                 // module
  std::string summary;
  std::string description;
  Access access = Access::read;
  RateClass rate = RateClass::normal;
  Credentials credentials = Credentials::checked;
  std::array<Scope, 8> scopes{};  // by role
  std::vector<const Problem*> problems;
  bool is_if_match = false;
  bool is_raw_body = false;
  std::string media_type = "application/json";  // of the reply
  bool is_secret_reply = false;
  bool is_long_poll = false;
  bool is_about_patients = false;
  bool is_public = false;  // replies may be cached by anyone
  bool is_for_restricted = false;
  bool is_for_people = false;         // an API key never does it
  std::optional<KeyScope> key_scope;  // that it needs; else read for GET, write for the rest
  bool needs_prepared = false;
  const Type* input = nullptr;
  const Type* body = nullptr;  // of the reply; nullptr: none
  const Type* prepare_input = nullptr;
  const Type* order_input = nullptr;
  int status = 200;
  std::unique_ptr<detail::Handler> handler;
  std::unique_ptr<detail::Preparer> preparer;
  std::function<std::int64_t(const void*)> order_by;
  std::function<std::int64_t(const void*)> lock_key;
  std::function<std::int64_t(const void*)> person_of;  // set: may run side by side
  std::function<Result<void>(const Call&, const void*)> gate;
  std::function<ReplyState(const Call&, const void*)> memo;

  Scope scope(Role role) const { return scopes[static_cast<std::size_t>(role)]; }
  bool has_body() const;             // may a request bring one?
  bool is_idempotent_write() const;  // is an Idempotency-Key heeded?
};

class Route {
 public:
  explicit Route(RouteData& data) : data_(&data) {}

  Route& summary(std::string sentence) {
    data_->summary = std::move(sentence);
    return *this;
  }
  Route& describe(std::string text) {
    data_->description = std::move(text);
    return *this;
  }
  Route& tag(std::string module) {
    data_->tag = std::move(module);
    return *this;
  }
  Route& alias(std::string path) {
    data_->paths.push_back(std::move(path));
    return *this;
  }

  // Rights. Deny by default: a role that no line names is refused, a route without any line stops the program at start.
  Route& allow(Role role, Scope scope);
  Route& allow_anyone();     // every role, and who is nobody: Scope::all
  Route& allow_staff();      // front desk, ward and hospital administrators: hospital; platform: all
  Route& allow_signed_in();  // every role but anyone: own, staff: hospital, platform: all
  // Every role but anyone: own; of what belongs to the caller's own account. For people only, unless for_keys.
  Route& allow_own_account();

  // Also open to staff who still lack the second factor that they must have.
  Route& allow_restricted() {
    data_->is_for_restricted = true;
    return *this;
  }

  // Programs may do it with an API key that has this scope.
  Route& for_keys(KeyScope scope) {
    data_->is_for_people = false;
    data_->key_scope = scope;
    return *this;
  }
  Route& for_people_only() {
    data_->is_for_people = true;
    return *this;
  }

  // The problems that the operation itself answers; the platform's own are added to the document.
  Route& problems(std::initializer_list<const Problem*> list);

  // Writes with the same key run in the order in which they came. A member of the input, or a function of it.
  template <class In, class M>
  Route& order_by(M In::*member) {
    data_->order_input = &type_of<In>();
    data_->order_by = [member](const void* input) { return detail::order_key(static_cast<const In*>(input)->*member); };
    return *this;
  }
  template <class F>
  requires requires { &F::operator(); }
  Route& order_by(F key) {
    using In = typename detail::KeyOf<decltype(&F::operator())>::Input;
    data_->order_input = &type_of<In>();
    data_->order_by = [key](const void* input) { return detail::order_key(key(*static_cast<const In*>(input))); };
    return *this;
  }

  // A write that may run in any order, and in its course locks the rows of this key (sql::Engine::lock_first).
  template <class F>
  requires requires { &F::operator(); }
  Route& locks(F key) {
    using In = typename detail::KeyOf<decltype(&F::operator())>::Input;
    data_->order_input = &type_of<In>();
    data_->lock_key = [key](const void* input) { return detail::order_key(key(*static_cast<const In*>(input))); };
    return *this;
  }

  // May run side by side with other such writes, in one transaction, unless order key, caller or the person that this
  // member names are in common. The operation must keep the promise of sql::Contention.
  template <class In, class M>
  Route& side_by_side(M In::*person) {
    data_->person_of = [person](const void* input) {
      return detail::order_key(static_cast<const In*>(input)->*person);
    };
    return *this;
  }

  // A slow step before the operation: Result<P> f(Outside&, Call&, const In&).
  template <class O, class F>
  Route& prepare(O* object, F function) {
    using Input = typename detail::PrepareShape<typename detail::Signature<F>::Arguments>::Input;
    data_->prepare_input = &type_of<Input>();
    data_->preparer = std::make_unique<detail::BoundPreparer<O, F>>(object, function);
    return *this;
  }

  // Refuses from memory, on the HTTP thread, what is hopeless: Result<void> f(const Call&, const In&). What it lets
  // through is decided by the operation; it must refuse nothing that a repeat of the same request was granted.
  template <class O, class In>
  Route& gate(const O* object, Result<void> (O::*function)(const Call&, const In&) const) {
    data_->gate = [object, function](const Call& call, const void* input) {
      return (object->*function)(call, *static_cast<const In*>(input));
    };
    return *this;
  }

  // The compressed reply may be kept while the state is the same: ReplyState f(const Call&, const In&). Of operations
  // from memory whose reply is the same for everyone and is all in its body.
  template <class O, class In>
  Route& memo(const O* object, ReplyState (O::*function)(const Call&, const In&) const) {
    data_->memo = [object, function](const Call& call, const void* input) {
      return (object->*function)(call, *static_cast<const In*>(input));
    };
    return *this;
  }

  Route& if_match() {
    data_->is_if_match = true;
    return *this;
  }  // 428 without If-Match; call.if_match is set
  Route& rate(RateClass rate) {
    data_->rate = rate;
    return *this;
  }  // else write for transactions, normal for the rest
  Route& raw_body() {
    data_->is_raw_body = true;
    return *this;
  }  // the body is not decoded: call.raw has it
  Route& media_type(std::string type) {
    data_->media_type = std::move(type);
    return *this;
  }  // of the reply: an operation that answers Serialized text of its own kind
  Route& secret_reply() {
    data_->is_secret_reply = true;
    return *this;
  }  // carries tokens: not stored for replays
  Route& long_poll() {
    data_->is_long_poll = true;
    return *this;
  }  // accepts ?wait=
  Route& about_patients() {
    data_->is_about_patients = true;
    return *this;
  }  // reads or changes what belongs to patients: the operation says whom it concerns, see Call::concerns
  Route& public_reply() {
    data_->is_public = true;
    return *this;
  }  // the same for everyone: caches may keep it
  Route& forgive_credentials() {
    data_->credentials = Credentials::forgiven;
    return *this;
  }  // bad ones count as none

 private:
  RouteData* data_;
};

// All routes of the program. Filled at start, then only read.
class Routes {
 public:
  // The module that the routes which follow belong to.
  void module(std::string tag) { tag_ = std::move(tag); }

  template <class O, class F>
  Route add(http::Method method, std::string path, std::string name, O* object, F function) {
    static_assert(std::is_member_function_pointer_v<F>, "add(method, path, name, object, &Class::function)");
    return add_handler<F>(method, std::move(path), std::move(name),
                          std::make_unique<detail::Bound<O, F>>(object, function));
  }
  // A function or lambda without an object.
  template <class F>
  Route add(http::Method method, std::string path, std::string name, F function) {
    using Bound = detail::Bound<detail::NoObject, F>;
    return add_handler<F>(method, std::move(path), std::move(name),
                          std::make_unique<Bound>(nullptr, std::move(function)));
  }

  const std::vector<std::unique_ptr<RouteData>>& all() const { return routes_; }
  // What is wrong with the declarations, one sentence each; empty when all is well. Checked by the Dispatcher at start.
  std::vector<std::string> faults() const;

 private:
  template <class F>
  Route add_handler(http::Method method, std::string path, std::string name, std::unique_ptr<detail::Handler> handler) {
    using Signature = detail::Signature<F>;
    using Form = detail::Shape<typename Signature::Arguments>;
    using Replies = detail::ReplyOf<typename Signature::Value>;
    RouteData& data = append(method, std::move(path), std::move(name), std::move(handler));
    data.access = Form::access;
    data.rate = Form::access == Access::write ? RateClass::write : RateClass::normal;
    data.needs_prepared = !std::is_void_v<typename Form::Prepared>;
    data.input = &type_of<typename Form::Input>();
    data.body = Replies::body();
    data.status = Replies::status;
    return Route(data);
  }
  RouteData& append(http::Method method, std::string path, std::string name, std::unique_ptr<detail::Handler> handler);

  std::string tag_;
  std::vector<std::unique_ptr<RouteData>> routes_;
};

}  // namespace fairward::api

// The route table. One declaration gives decoding, rights, the API document, metric and audit names.
//
//   routes.add(http::Method::post, "/api/holds", "hold_create", this, &Booking::hold_create)
//       .summary("Takes a slot for five minutes, to pay")
//       .allow(Role::patient, Scope::own).allow(Role::front_desk, Scope::hospital)
//       .problems({&slot_taken, &all_held, &queue_first})
//       .order_by(&HoldCreate::doctor_id);
//
// The operation's first parameter says what it needs:
//   Result<R> f(Txn&, Call&, const In&)        one write transaction
//   Result<R> f(Snapshot&, Call&, const In&)   a read snapshot
//   Result<R> f(Call&, const In&)              answered from memory on the HTTP thread; must not block
// A write may have a step before it that is slow (password hashing) and runs on a bounded pool:
//   .prepare(this, &Identity::login_prepare)   Result<P> (Outside&, Call&, const In&), then f(Txn&, Call&, const In&,
//                                              P&). f may run again after a conflict: it leaves P as it is.
// In is a described struct: members named in the path come from there, the others from the query string (GET, DELETE)
// or from the JSON body (POST, PUT). Unknown members are refused. R: T, Created<T>, Accepted<T>, NoContent, Page<T>,
// std::vector<T>, Serialized<T>.
#pragma once

#include <boost/describe/class.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/api/call.h"
#include "platform/api/reply.h"
#include "platform/http/http.h"
#include "platform/sql/sql.h"

namespace fairward::api {

// What a prepare step may use: reads of its own, while no transaction is open.
class Outside {
 public:
  virtual ~Outside() = default;
  // Blocks. Throws sql::Error when the database is gone.
  virtual void read(const std::function<void(Snapshot&)>& work) = 0;
};

struct Empty {};  // an operation that takes no input
BOOST_DESCRIBE_STRUCT(Empty, (), ())
}  // namespace fairward::api

#include "platform/api/routes_detail.h"  // Route and Routes

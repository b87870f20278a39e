// Statistics for administrators and exports for everybody: the only header of this module that others include. Reads
// what others did through their report_ views. Source: mission O6, J3.
#pragma once

#include <memory>
#include <vector>

#include "platform/api/routes.h"
#include "platform/sql/engine.h"
#include "platform/sql/invariant.h"

namespace fairward::reporting {

class Reporting {
 public:
  virtual ~Reporting() = default;
  virtual void routes(api::Routes& routes) = 0;
};
std::unique_ptr<Reporting> make_reporting();

}  // namespace fairward::reporting

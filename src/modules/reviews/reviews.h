// Reviews: what patients say of a doctor after a finished visit, and stars that become the doctor's rating: the only
// header of this module that others include. Source: mission S1.
#pragma once

#include <memory>

#include "modules/directory/directory.h"
#include "platform/api/routes.h"

namespace fairward::reviews {

class Reviews {
 public:
  virtual ~Reviews() = default;
  virtual void routes(api::Routes& routes) = 0;
};
// The directory keeps the ratings.
std::unique_ptr<Reviews> make_reviews(directory::Directory& directory);

}  // namespace fairward::reviews

// The reviews at work: the operations behind the routes.
#pragma once

#include "modules/reviews/api.h"
#include "modules/reviews/reviews.h"
#include "modules/reviews/store.h"

namespace fairward::reviews {

class Module final : public Reviews {
 public:
  explicit Module(directory::Directory& directory) : directory_(directory) {}

  void routes(api::Routes& routes) override;

  Result<Created<Review>> review_create(Txn& txn, Call& call, const ReviewCreate& body);
  Result<Review> review_update(Txn& txn, Call& call, const ReviewUpdate& body);
  Result<Review> review_hide(Txn& txn, Call& call, const ReviewHide& body);
  Result<Review> review_get(Snapshot& db, Call& call, const ReviewPath& path);
  Result<Page<Review>> review_list(Snapshot& db, Call& call, const ReviewQuery& query);
  Result<DoctorReviewList> doctor_review_list(Snapshot& db, Call& call, const DoctorReviewQuery& query);

 private:
  Review changed(Txn& txn, Call& call, const store::ReviewRow& before, store::ReviewRow row);

  directory::Directory& directory_;
};

}  // namespace fairward::reviews

// Invented reviews of the demo's finished visits.
#include <array>
#include <map>

#include "modules/identity/identity.h"
#include "modules/reviews/reviews.h"
#include "modules/reviews/rules.h"
#include "modules/reviews/store.h"

namespace fairward::reviews {
namespace {

constexpr std::array<std::int64_t, 20> ratings{5, 5, 4, 5, 5, 4, 5, 3, 5, 4, 5, 5, 5, 4, 2, 5, 4, 5, 3, 1};
constexpr std::array<std::string_view, 8> praises{"Took time for my questions and explained every medicine.",
                                                  "On time, friendly, and the advice helped within two days.",
                                                  "My mother felt heard. We will come again.",
                                                  "",
                                                  "Careful examination, no needless tests.",
                                                  "डॉक्टर ने ध्यान से सुना और सब कुछ समझाया।",
                                                  "Clear words, clear plan.",
                                                  "बहुत अच्छा अनुभव, समय पर देखा।"};
constexpr std::array<std::string_view, 4> complaints{"Good advice, but we waited half an hour.", "",
                                                     "The visit felt rushed.",
                                                     "Hard to find the room; the rest was fine."};

std::optional<std::string> text_for(std::int64_t rating, std::size_t number) {
  const auto text = rating >= 4 ? praises[number % praises.size()] : complaints[number % complaints.size()];
  return text.empty() ? std::nullopt : std::optional(std::string(text));
}

store::ReviewRow review_for(const booking::DemoVisit& made, std::string author, std::size_t number) {
  const auto& visit = made.visit;
  const auto rating = ratings[(number * 7 + number / ratings.size()) % ratings.size()];
  return {.appointment = made.id,
          .doctor = visit.doctor,
          .hospital = visit.hospital,
          .patient = visit.patient,
          .author = std::move(author),
          .rating = rating,
          .text = text_for(rating, number / 3 + number),
          .visited_at = visit.starts_at,
          .created_at = visit.starts_at + hours(26)};
}

}  // namespace

void demo_reviews(sql::Engine& engine, const std::vector<booking::DemoVisit>& visits) {
  engine.write_now([&](Txn& txn) {
    std::map<UserId, std::string> authors;
    std::map<DoctorId, Weight> weights;
    for (std::size_t i = 0; i < visits.size(); ++i) {
      const UserId patient = visits[i].visit.patient;
      const auto [author, is_new] = authors.try_emplace(patient);
      if (is_new)
        if (const auto person = identity::person_find(txn, patient)) author->second = author_of(person->name);
      const auto row = review_for(visits[i], author->second, i);
      if (!store::review_insert(txn, row)) continue;
      auto& weight = weights[row.doctor];
      weight.stars += row.rating, ++weight.reviews;
    }
    for (const auto& [doctor, weight] : weights)
      directory::doctor_rating_add(txn, doctor, weight.stars, weight.reviews);
    return true;
  });
}

}  // namespace fairward::reviews

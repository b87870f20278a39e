-- Thirty doctors with their first free times, by several filters and orders, first pages.
local targets = {
  "sort=rating", "sort=first_free", "sort=name", "sort=fee", "sort=relevance&keyword=cardio",
  "sort=first_free&city_id=%d", "sort=rating&speciality_id=%d", "sort=fee&city_id=%d&language=Hindi",
  "sort=rating&city_id=%d&rating_min=4", "sort=first_free&fee_max_minor=80000", "keyword=sharma", "keyword=derm&city_id=%d",
}
request = function()
  local target = string.format(targets[math.random(#targets)], math.random(1, 12))
  return wrk.format("GET", "/api/doctors?limit=30&" .. target)
end

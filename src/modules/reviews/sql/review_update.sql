UPDATE reviews_review
SET rating = $2, words = $3, changed_at = $4, is_hidden = $5, hidden_reason = $6, version = version + 1
WHERE id = $1

-- Of the tries that come at once each is counted before the next is looked at.
UPDATE identity_totp SET failures = failures WHERE user_id = $1

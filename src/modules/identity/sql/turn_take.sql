UPDATE identity_turn SET taken = taken + 1 WHERE name = $1

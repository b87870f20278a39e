SELECT id FROM identity_user WHERE id = $1 /*pg FOR UPDATE */

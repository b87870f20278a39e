-- scan: fairward check reads everything
SELECT id FROM identity_user ORDER BY id

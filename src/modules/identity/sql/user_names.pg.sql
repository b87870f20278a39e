-- pg: its word for the elements of a JSON array is another
SELECT id, name FROM identity_user WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json))

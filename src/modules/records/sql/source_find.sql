SELECT patient_id FROM records_source WHERE source_key = $1

-- The slots of a doctor's coming week, any doctor.
request = function()
  return wrk.format("GET", "/api/doctors/" .. math.random(1, 6000) .. "/slots")
end

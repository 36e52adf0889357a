-- What a look at a job shows, put behind common.lua in the scripts that show one. VIEW, the names of its
-- fields, is put before by Script.java.
-- Returns the values in the order of VIEW, false for each that is not there. Never HGETALL: the params
-- of a job can be megabytes, which nobody asked for here.
local function viewOf(id) return redis.call('HMGET', jobKey(id), unpack(VIEW)) end

-- Reads a queued job, with the reason for its wait. Called by: JobFields.find, which reads jobs of
-- other states without a script.
-- ARGV: id
-- Returns: the values of a view of the job (view.lua); none if it is unknown
if redis.call('EXISTS', jobKey(ARGV[1])) == 0 then return {} end
return viewOf(ARGV[1])

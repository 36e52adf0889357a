-- Adds a wake token for every queue in which jobs wait. Called by: RedisWaiter, after it took a
-- token but had no free slot for the jobs.
-- ARGV: queue, …
-- Returns: count of queues with jobs
local waiting = 0
for _, queue in ipairs(ARGV) do
  if anybodyIn(queue) then
    wake(queue)
    waiting = waiting + 1
  end
end
return waiting

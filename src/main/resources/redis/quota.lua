-- Checks the quotas of an owner and of all owners. Prepended to the scripts that store jobs.
-- limits: 'jobs bytes' of one owner and 'jobs bytes' of all, with blanks between; 0 for no limit.

-- Why owners (name to {jobs, bytes} to add) may not have more: {-7, the setting that
-- says so below longhaul.quotas, what there would be}; nil if they may.
local function overQuota(owners, limits)
  local ownerJobs, ownerBytes, allJobs, allBytes =
    string.match(limits, '(%d+) (%d+) (%d+) (%d+)')
  local total = {0, 0}
  local function check(name, more, mostJobs, mostBytes, what)
    mostJobs, mostBytes = tonumber(mostJobs), tonumber(mostBytes)
    if mostJobs == 0 and mostBytes == 0 then return nil end
    local jobs, bytes = string.match(redis.call('HGET', USE, name) or '0 0', '(%d+) (%d+)')
    jobs, bytes = jobs + more[1], bytes + more[2]
    if mostJobs > 0 and jobs > mostJobs then return {-7, what .. 'jobs', whole(jobs)} end
    if mostBytes > 0 and bytes > mostBytes then return {-7, what .. 'bytes', whole(bytes)} end
  end
  for owner, more in pairs(owners) do
    local refused = check('o:' .. owner, more, ownerJobs, ownerBytes, 'caller-')
    if refused then return refused end
    total[1], total[2] = total[1] + more[1], total[2] + more[2]
  end
  return check('t', total, allJobs, allBytes, '')
end

-- Adds what a new job takes to what its owner would. from: where its fields begin in ARGV, which are
-- always c and its value, z and its value first (JobFields.java).
local function plan(owners, from)
  collectUse(owners, ownerIn(ARGV[from + 1]), 1, tonumber(ARGV[from + 3]))
end

-- Checks quotas. Prepended to the scripts that store jobs. A quota is the number of open jobs, or
-- of their bytes, that one owner or all owners together may have. Scripts get the quotas as one
-- text: 'jobs bytes' of one owner and 'jobs bytes' of all, with blanks between; 0 for no limit.

-- Checks whether owners may get more jobs. owners: owner to {jobs, bytes} to add. Returns nil, or
-- {-7, the setting below longhaul.quotas that is exceeded, the value that would be reached}.
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

-- Adds a new job to a table of owners. from: the place of its first field in ARGV; the fields begin
-- with c, its value, z, its value (JobFields.java).
local function plan(owners, from)
  collectUse(owners, ownerIn(ARGV[from + 1]), 1, tonumber(ARGV[from + 3]))
end

-- Checks quotas, for the scripts that store jobs. A quota is the number of open jobs, or
-- of their bytes, that one owner or all owners together may have, or the number of jobs that one
-- owner may submit per minute. Scripts get the quotas as one text: 'jobs bytes' of one owner,
-- 'jobs bytes' of all, and jobs per minute of one owner, with blanks between; 0 for no limit.

-- The jobs per minute are a token bucket, stored as in gates.lua: the time up to which an owner's
-- tokens are reserved. It holds the tokens of a minute.
local function minuteKey(owner) return tag .. ':m:' .. owner end

-- Returns the time up to which an owner's tokens are reserved if he submits more jobs.
local function reservedUntil(owner, more, perMinute)
  local reserved = tonumber(redis.call('GET', minuteKey(owner)) or 0)
  return math.max(reserved, now) + more * 60000 / perMinute
end

-- Checks whether owners may get more jobs. owners: owner to {jobs, bytes} to add. Returns nil, or
-- {-7, the setting below longhaul.quotas that is exceeded, the value that would be reached, the ms
-- after which a retry makes sense, 0 if that is not known or -1 if so many jobs at once never pass};
-- and the counters as they are, for admit.
local function overQuota(owners, limits)
  local use = readUse(owners)
  local ownerJobs, ownerBytes, allJobs, allBytes, perMinute =
    string.match(limits, '(%d+) (%d+) (%d+) (%d+) (%d+)')
  perMinute = tonumber(perMinute)
  local total = {0, 0}
  local function check(name, more, mostJobs, mostBytes, what)
    mostJobs, mostBytes = tonumber(mostJobs), tonumber(mostBytes)
    if mostJobs == 0 and mostBytes == 0 then return nil end
    local jobs, bytes = string.match(use[name] or '0 0', '(%d+) (%d+)')
    jobs, bytes = jobs + more[1], bytes + more[2]
    if mostJobs > 0 and jobs > mostJobs then return {-7, what .. 'jobs', whole(jobs), '0'} end
    if mostBytes > 0 and bytes > mostBytes then
      return {-7, what .. 'bytes', whole(bytes), '0'}
    end
  end
  for owner, more in pairs(owners) do
    local refused = check('o:' .. owner, more, ownerJobs, ownerBytes, 'caller-')
    if refused then return refused end
    if perMinute > 0 then
      if more[1] > perMinute then
        return {-7, 'caller-per-minute', whole(more[1]), '-1'}
      end
      local ahead = reservedUntil(owner, more[1], perMinute) - now
      if ahead > 60000 then
        return {-7, 'caller-per-minute', whole(math.ceil(ahead * perMinute / 60000)),
          whole(math.ceil(ahead - 60000))}
      end
    end
    total[1], total[2] = total[1] + more[1], total[2] + more[2]
  end
  return check('t', total, allJobs, allBytes, ''), use
end

-- Counts new jobs that overQuota has let pass. use: what it returned.
local function admit(owners, limits, use)
  addUse(owners, use)
  local perMinute = tonumber(string.match(limits, '%d+$'))
  if perMinute == 0 then return end
  for owner, more in pairs(owners) do
    local reserved = reservedUntil(owner, more[1], perMinute)
    redis.call('SET', minuteKey(owner), string.format('%.3f', reserved), 'PX',
      whole(math.ceil(reserved - now)))
  end
end

-- Adds a new job to a table of owners. constants: without the time of creation.
local function plan(owners, constants)
  local size, owner = useIn(constants)
  collectUse(owners, owner, 1, tonumber(size))
end

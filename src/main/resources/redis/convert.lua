-- Converts jobs of layouts 1 and 2 to layout 3. Jobs that are converted already stay as they are.
-- Called by: Conversion. No other script of Longhaul runs meanwhile.
-- ARGV: for each job id, its owner's index name, its payload (Payload.java) if it had its headers among
--   its params or '' if not
-- Returns: how many were converted
mustPass()
local NAMES = {'cr', 'c', 't', 'q', 'b', 'rp', 'z', 'ru', 'rf', 'f', 'n', 'pn', 'pr', 'a', 'sa', 'st',
  'fi', 'ex', 'h'}

-- The field k of a job without a lease, or nil if it never had one.
local function lastClaim(j)
  local fence, attempts, started = j.f or '0', j.a or '0', j.sa or '-'
  if fence == '0' and attempts == '0' then return nil end
  local nonce, mark = j.n or '', ''
  if nonce == '' and j.pr and not TERMINAL[j.st] then
    nonce, mark = string.match(j.pr, '^([^?]*)'), ' r'
  elseif nonce == '' then
    nonce, mark = j.pn or '', ' b'
  end
  if nonce == '' then nonce = '-' end
  return nonce .. ' ' .. fence .. ' ' .. attempts .. ' ' .. started .. mark
end

local function convert(id, owner, payload)
  local key = jobKey(id)
  local j = {}
  for i, value in ipairs(redis.call('HMGET', key, unpack(NAMES))) do j[NAMES[i]] = value end
  if not j.cr then return 0 end
  local rest, name = string.match(j.c, '^(%S+ %S+ %S+ %S+ %S+ )(.*)$')
  local size = j.z or '0' -- a job of layout 1 may not have been counted
  local retryFor = j.rf or whole(j.ru - j.cr)
  local queue = string.gsub(j.q, ' ', BLANK)
  local set = {'c', table.concat({j.cr, retryFor, j.rp or '0', size, owner, '-', queue, j.b,
    j.t or '-',
    rest .. (name == owner and '' or name)}, ' ')}
  local function put(field, value)
    set[#set + 1] = field
    set[#set + 1] = value
  end
  local gone = {'cr', 't', 'q', 'b', 'rp', 'z', 'rf', 'f', 'n', 'pn', 'pr', 'a', 'sa', 'fi', 'ex', 'h',
    'og'}
  if j.st == 'held' or tonumber(j.ru) == j.cr + retryFor then gone[#gone + 1] = 'ru' end
  if payload ~= '' then
    put('p', payload)
  elseif j.h and j.h ~= '{}' then
    local params = redis.call('HGET', key, 'p')
    if params then put('p', 'h' .. j.h .. '\n' .. params) end
  end
  if j.fi then put('e', j.fi .. ' ' .. (j.ex or j.fi)) end
  if redis.call('ZSCORE', LEASES, id) then
    local claim = (j.n or '') .. ' ' .. (j.f or '0') .. ' '
    if TERMINAL[j.st] then
      claim = claim .. (j.a or '0') .. ' ' .. (j.sa or '-')
      put('k', claim)
      redis.call('HSET', CLAIMS, id, claim .. ' !')
    elseif j.st == 'queued' then
      redis.call('HSET', CLAIMS, id, claim .. whole((j.a or 0) + 1) .. ' -')
    else
      redis.call('HSET', CLAIMS, id, claim .. (j.a or '0') .. ' ' .. (j.sa or stamp))
      if j.st == 'running' then put('st', 'queued') end
    end
  else
    local last = lastClaim(j)
    if last then put('k', last) end
  end
  if name ~= owner and size ~= '0' and not TERMINAL[j.st] then
    addUse({[name] = {-1, -size}, [owner] = {1, tonumber(size)}})
  end
  redis.call('HSET', key, unpack(set))
  redis.call('HDEL', key, unpack(gone))
  return 1
end

local converted = 0
for i = 1, #ARGV, 3 do converted = converted + convert(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
return converted

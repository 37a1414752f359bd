--! part whose
--! part when_full
-- Ids of BullMQ's queue that should be followed: what changed while nobody listened. A part of the queue at a time.
local AT_ONCE = 1000
local places = OURS .. 'sweep'
local found = {}

local function see(bull) found[#found + 1] = bull end

for _, list in ipairs({'wait', 'active'}) do
  local listed = call('LRANGE', BULL .. list, -AT_ONCE, -1)
  for i = #listed, 1, -1 do see(listed[i]) end -- the oldest is the last
end

-- Where the last sweep ended in a sorted set begins the next.
local function part_of(key, name)
  if call('EXISTS', key) == 0 then return {} end
  local step = call('ZSCAN', key, call('HGET', places, name) or '0', 'COUNT', AT_ONCE)
  call('HSET', places, name, step[1])
  local members, scores = {}, {}
  for i = 1, #step[2], 2 do members[#members + 1], scores[#scores + 1] = step[2][i], tonumber(step[2][i + 1]) end
  return members, scores
end

local function is_as_we_know_it(bull, level)
  local id = id_of(bull)
  local known = id and call('HMGET', key_of(id), 'status', 'priority', 'bull')
  if not known or known[1] ~= 'pending' or (known[3] or id) ~= bull then return false end
  return (not level or level == tonumber(known[2])) and call('HGET', BULL .. bull, MARK) == id
end

-- It does not wait, whatever a half of a script has left here: docs/decisions/0044.
local function relist(id, status, seq)
  call('ZREM', OURS .. 'status:pending', id)
  if status then call('ZADD', OURS .. 'status:' .. status, seq, id) end
end

-- Waiting, and none of ours, not pending for us or with another priority; pending for us, and gone from there.
local function sweep_what_waits()
  for _, set in ipairs({'prioritized', 'delayed'}) do
    local bulls, scores = part_of(BULL .. set, set)
    for i, bull in ipairs(bulls) do
      local level = set == 'prioritized' and math.floor(scores[i] / 4294967296)
      if not is_as_we_know_it(bull, level) then see(bull) end
    end
  end
  for _, id in ipairs(part_of(OURS .. 'status:pending', 'pending')) do
    local status, bull, seq = unpack(call('HMGET', key_of(id), 'status', 'bull', 'seq'))
    bull = bull or id
    if status ~= 'pending' then
      relist(id, status, seq)
    elseif not (call('ZSCORE', BULL .. 'prioritized', bull) or call('ZSCORE', BULL .. 'delayed', bull)) then
      see(bull)
    end
  end
end

-- Ended since the last sweep, and none of ours: another worker took it before we saw it. A day at first: what is older
-- was not meant for us. How far it went is written down by the next sweep, when all of it has been followed. Clocks of
-- other workers may be late.
local A_DAY, LATE = 24 * 3600 * 1000, 60 * 1000
local ended_until = {}

local function sweep_what_ended()
  local known = call('HMGET', places, 'completed', 'failed')
  for i, set in ipairs({'completed', 'failed'}) do
    local since = math.max(tonumber(known[i] or now_ms - A_DAY), tonumber((args.ended or {})[set] or 0))
    if args.ended and tostring(since) ~= known[i] then call('HSET', places, set, text(since)) end
    local ended = call('ZRANGEBYSCORE', BULL .. set, text(since), '+inf', 'WITHSCORES', 'LIMIT', 0, AT_ONCE)
    for j = 1, #ended, 2 do
      local id = call('HGET', BULL .. ended[j], MARK)
      if not id or call('EXISTS', key_of(id)) == 0 then see(ended[j]) end
    end
    local is_all = #ended < 2 * AT_ONCE
    local last = tonumber(ended[#ended] or since)
    ended_until[set] = math.max(is_all and math.min(last, now_ms - LATE) or last, since)
  end
end

local is_waited = call('EXISTS', BULL .. 'prioritized', BULL .. 'delayed', OURS .. 'status:pending') > 0
if is_waited then
  pass_when_full()
  sweep_what_waits()
end
sweep_what_ended()
for _, id in ipairs(call('ZRANGE', OURS .. 'status:processing', 0, AT_ONCE)) do
  see(call('HGET', key_of(id), 'bull') or id) -- it may be gone from BullMQ's list
end
return {'ok', found, ended_until}

--! bullmq moveToActive-11
--! part promote
--! part when_full
-- Answers with claims, or with the ids of jobs that others put into the queue, or put back, and that must be followed
-- first.
local MOST_FOLLOWED = 100
local SHORT = 4096 -- characters of a book that comes along
local SHORT_OUTLINE = 32 -- chapters

local function waited_step(seconds)
  return seconds > 0.01 and math.ceil(math.log(seconds / 0.01) / math.log(1.1) - 1e-9) or 0
end

local function take(job)
  if job.claims == '0' then
    local waited = (now - math.max(job.created_at, job.run_at)) / 1000000
    local class = tonumber(job.priority) <= args.last_premium and 'premium:' or 'free:'
    count('wait:' .. class .. text(waited_step(waited)), 1)
  end
  begin_attempt(job, args.worker)
end

local function shown(job)
  local is_short = tonumber(job.characters) <= SHORT and tonumber(job.total_chapters) <= SHORT_OUTLINE
  return {job, is_short and call('HGET', OURS .. 'book:' .. job.id, 'payload') or ''}
end

-- BullMQ's own way from waiting to active, for the first of those that wait by priority; false when the queue is paused or
-- its limits forbid it now. That nothing is delayed or in the plain list for it keeps it from taking another one.
local function activate(job)
  local b = function(name) return BULL .. name end
  local lock = args.worker .. ':' .. text(next_lease(job))
  local options = cmsgpack.pack({token = lock, lockDuration = args.lock_for, name = args.worker})
  local keys = {
    NONE, b'active', b'prioritized', b'events', b'stalled', b'limiter', NONE, b'paused', b'meta', b'pc', b'marker',
  }
  local fine, answer = pcall(bull_moveToActive, keys, {BULL, now_ms, options})
  if not fine then
    pass_when_full() -- what is spoken takes less than its texts, which go
    answer = bull_moveToActive(keys, {BULL, now_ms, options})
  end
  if type(answer[1]) ~= 'table' then return false end
  assert(answer[2] == bull_id(job), 'BullMQ took another job than the first')
  return true
end

if args.again then
  local mine = {}
  for _, id in ipairs(call('ZRANGE', OURS .. 'status:processing', 0, -1)) do
    if call('HGET', key_of(id), 'claim') == args.call then mine[#mine + 1] = shown(load(id)) end
  end
  if #mine > 0 then return {'ok', mine} end
end

local claims, ids, followed = {}, {}, {}
for _, bull in ipairs(args.followed or {}) do followed[bull] = true end
local due = promote()
while #claims < args.limit do
  local strangers, plain = {}, call('LRANGE', BULL .. 'wait', -MOST_FOLLOWED, -1)
  local function meet(bull)
    if not followed[bull] and #strangers < MOST_FOLLOWED then strangers[#strangers + 1] = bull end
  end
  for _, bull in ipairs(due) do meet(bull) end
  for i = #plain, 1, -1 do meet(plain[i]) end -- the oldest is the last
  local head = call('ZRANGE', BULL .. 'prioritized', 0, 0)[1]
  local id, level = unpack(head and call('HMGET', BULL .. head, MARK, 'priority') or {})
  local job = id and load(id)
  local may_go = job and job.status == 'pending' and bull_id(job) == head
  if head and not may_go then meet(head) end
  if #strangers > 0 then
    if #claims > 0 then break end
    return {'adopt', strangers}
  end
  if not head then break end
  if not may_go then
    call('ZREM', BULL .. 'prioritized', head)
  elseif activate(job) then
    heed_priority(job, level)
    take(job)
    claims[#claims + 1] = shown(job)
    ids[#ids + 1] = job.id
  else
    break
  end
end
if #ids > 0 then announce(table.concat(ids, ' '), false) end
return {'ok', claims}

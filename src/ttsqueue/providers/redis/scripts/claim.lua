--! bullmq moveToActive-11
--! part promote
-- Answers with claims, or with the ids of jobs that others put into the queue, or put back, and that must be followed
-- first.
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

-- BullMQ's own way from waiting to active; false when its limits forbid it now.
local function activate(job)
  local b = function(name) return BULL .. name end
  local lock = args.worker .. ':' .. text(job.lease + 1)
  local options = cmsgpack.pack({token = lock, lockDuration = args.lock_for, name = args.worker})
  local answer = bull_moveToActive(
    {
      b'wait', b'active', b'prioritized', b'events', b'stalled', b'limiter', b'delayed', b'paused', b'meta', b'pc',
      b'marker',
    },
    {BULL, now_ms, options}
  )
  return type(answer[1]) == 'table'
end

if args.again then
  local mine = {}
  for _, id in ipairs(call('ZRANGE', OURS .. 'status:processing', 0, -1)) do
    if call('HGET', key_of(id), 'claim') == args.call then mine[#mine + 1] = shown(load(id)) end
  end
  if #mine > 0 then return {'ok', mine} end
end

if call('HEXISTS', BULL .. 'meta', 'paused') == 1 then return {'ok', {}} end
promote()
local claims, ids, followed = {}, {}, {}
for _, bull in ipairs(args.followed or {}) do followed[bull] = true end
while #claims < args.limit do
  local strangers, plain = {}, call('LRANGE', BULL .. 'wait', -100, -1)
  for i = #plain, 1, -1 do strangers[#strangers + 1] = plain[i] end -- the oldest is the last
  local head = call('ZRANGE', BULL .. 'prioritized', 0, 0)[1]
  local id = head and id_of(head)
  local job = id and load(id)
  if head and not (job and (job.status == 'pending' or followed[head])) then strangers[#strangers + 1] = head end
  if #strangers > 0 then
    if #claims > 0 then break end
    return {'adopt', strangers}
  end
  if not job then break end
  if job.status ~= 'pending' then
    call('ZREM', BULL .. 'prioritized', head)
  elseif activate(job) then
    take(job)
    claims[#claims + 1] = shown(job)
    ids[#ids + 1] = job.id
  else
    break
  end
end
if #ids > 0 then announce(table.concat(ids, ' '), false) end
return {'ok', claims}

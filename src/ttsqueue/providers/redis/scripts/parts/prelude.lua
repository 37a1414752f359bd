-- KEYS[1] begins every key of BullMQ's queue, KEYS[2] every key of ours; both have the same hash tag.
-- ARGV[1] holds the arguments by name, as JSON; what is missing is nil.
local BULL, OURS, call = KEYS[1], KEYS[2], redis.call
local NONE = OURS .. 'none' -- a key that never exists: for BullMQ's scripts, where they should find nothing
local args = cjson.decode(ARGV[1])
local time = call('TIME')
local now = time[1] * 1000000 + time[2]
local now_ms = math.floor(now / 1000)
local now_text = string.format('%.17g', now) -- a number as text is as dear as a read

local function text(value)
  if value == now then return now_text end
  return type(value) == 'number' and string.format('%.17g', value) or value
end

local function key_of(job_id)
  return OURS .. 'job:' .. job_id
end

local function load(job_id)
  local flat = call('HGETALL', key_of(job_id))
  if #flat == 0 then return nil end
  local job = {}
  for i = 1, #flat, 2 do job[flat[i]] = flat[i + 1] end
  return job
end

-- `false` clears a field.
local function write(job, changes)
  local set, cleared = {'updated_at', now_text}, {}
  job.updated_at = now_text
  for name, value in pairs(changes) do
    if value == false then
      cleared[#cleared + 1], job[name] = name, nil
    else
      job[name] = text(value)
      set[#set + 1] = name
      set[#set + 1] = job[name]
    end
  end
  call('HSET', key_of(job.id), unpack(set))
  if #cleared > 0 then call('HDEL', key_of(job.id), unpack(cleared)) end
end

-- The job if this lease still holds it, else nil.
local function held(job_id, token)
  local job = load(job_id)
  if job and job.status == 'processing' and tonumber(job.lease) == token then return job end
end

local function bull_id(job)
  return job.bull or job.id
end

-- UUIDs as we write them are ids of ours, too; for others, and for names that were used before, there is a table.
local HEX = '[0-9a-f]'
local FOUR = '%-' .. string.rep(HEX, 4)
local UUID = '^' .. string.rep(HEX, 8) .. string.rep(FOUR, 3) .. '%-' .. string.rep(HEX, 12) .. '$'

local function id_of(bull)
  return call('HGET', OURS .. 'foreign', bull) or string.find(bull, UUID) and bull
end

-- The job of ours that goes by this name, or nil.
local function job_of(bull)
  local id = id_of(bull)
  local job = id and load(id)
  if job and bull_id(job) == bull then return job end
end

-- Where a waiting job stands: BullMQ's score for its priority, and within it the time at which it was due. Of a double,
-- 53 bits are enough for microseconds or so; what is equal is ordered by id, which begins with the time.
local function place(job)
  return job.priority * 4294967296 + math.min(job.run_at / 1000000, 4294967295)
end

-- The last act of a script: BullMQ's events about these jobs up to this millisecond are our own doing, or known to us.
local function announce(job_ids, wakes)
  call('XADD', OURS .. 'changes', 'MAXLEN', '~', 10000, '*', 'ids', job_ids, 'wakes', wakes and '1' or '0')
end

-- The same about what others did: they may do more within this millisecond.
local function pass_on(job_id, wakes)
  call(
    'XADD', OURS .. 'changes', 'MAXLEN', '~', 10000, '*', 'ids', job_id, 'wakes', wakes and '1' or '0', 'of', 'others'
  )
end

-- Of an attempt that goes on, only the job's own record tells: that it was `begun` is written down at its end.
local function record(job, reason, begun)
  local history, change = OURS .. 'history:' .. job.id, cjson.encode({now_text, job.status, reason})
  if begun then call('RPUSH', history, begun, change) else call('RPUSH', history, change) end
end

-- In no list it would not be found again, if this were the half of a script that is left: docs/decisions/0044.
local function move(job, status)
  call('ZADD', OURS .. 'status:' .. status, job.seq, job.id)
  call('ZREM', OURS .. 'status:' .. job.status, job.id)
  job.status = status
end

-- No lease is given out twice, not even by a Redis that has forgotten its last seconds: a count alone would be.
local function next_lease(job)
  return math.max(job.lease + 1, now_ms)
end

local function begin_attempt(job, worker)
  move(job, 'processing')
  write(job, {
    status = 'processing', lease = next_lease(job), attempts = job.attempts + 1, claims = job.claims + 1,
    worker_id = worker, started_at = job.started_at or now, attempt_at = now, heartbeat_at = now,
    claim = args.call or '',
  })
end

local function let_go_of_active_key(job)
  local active = OURS .. 'active:' .. job.active_key
  if call('GET', active) == job.id then call('DEL', active) end
end

-- The active job that is the same as this one, or nil.
local function twin_of(job)
  local id = call('GET', OURS .. 'active:' .. job.active_key)
  local twin = id and id ~= job.id and load(id)
  local is_active = twin and (twin.status == 'pending' or twin.status == 'processing')
  return is_active and twin or nil
end

local function count(name, number)
  local minute = math.floor(now / 60000000)
  local counters = OURS .. 'minute:' .. text(minute)
  local sum = call(name == 'audio_seconds' and 'HINCRBYFLOAT' or 'HINCRBY', counters, name, number)
  if tonumber(sum) ~= number then return end
  call('EXPIRE', counters, 8 * 86400 + 120)
  call('ZADD', OURS .. 'minutes', minute, text(minute))
end

-- Where the parts of a job lie, and where they are kept while it is on its way to another store. The job itself goes first
-- and comes back last: where half of a script is left, it is known to be away. See docs/decisions/0044.
local PARTS = {'job:', 'book:', 'chapters:', 'attempts:', 'history:'}

local function away(part, job_id)
  return OURS .. 'away:' .. part .. job_id
end

local function shelve(job_id)
  for _, part in ipairs(PARTS) do
    if call('EXISTS', OURS .. part .. job_id) == 1 then
      call('RENAME', OURS .. part .. job_id, away(part, job_id))
    end
  end
end

local function unshelve(job_id)
  for i = #PARTS, 1, -1 do
    local part = PARTS[i]
    if call('EXISTS', away(part, job_id)) == 1 then
      call('RENAME', away(part, job_id), OURS .. part .. job_id)
    end
  end
end

local function lists_of(job)
  return {'all', 'user:' .. job.user_id, 'work:' .. job.work_id, 'status:' .. job.status}
end

local function usage_of(job)
  return job.id .. ':' .. job.characters
end

local function enlist(job)
  for _, index in ipairs(lists_of(job)) do call('ZADD', OURS .. index, job.seq, job.id) end
end

-- A pending job is found again, by us and in BullMQ's queue. Needs the part `enqueue`.
local function list(job)
  call('SET', OURS .. 'active:' .. job.active_key, job.id)
  call('ZADD', OURS .. 'usage:' .. job.user_id, job.created_at, usage_of(job))
  call('ZREM', OURS .. 'usage-of-deleted', job.user_id .. ' ' .. usage_of(job))
  enqueue(job)
  enlist(job)
end

-- Whether half of a script is all that has come of listing it.
local function is_half_listed(job)
  return job.status == 'pending' and not call('ZSCORE', OURS .. 'status:pending', job.id)
end

-- What that half has put into BullMQ's queue would stand in the way.
local function list_anew(job)
  if owns(job) then call('DEL', BULL .. bull_id(job)) end
  list(job)
end

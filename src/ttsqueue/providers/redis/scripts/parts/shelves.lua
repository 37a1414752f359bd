-- Where the parts of a job lie, and where they are kept while it is on its way to another store.
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
  for _, part in ipairs(PARTS) do
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

-- A pending job is found again, by us and in BullMQ's queue. Needs the part `enqueue`.
local function list(job)
  for _, index in ipairs(lists_of(job)) do call('ZADD', OURS .. index, job.seq, job.id) end
  call('SET', OURS .. 'active:' .. job.active_key, job.id)
  call('ZADD', OURS .. 'usage:' .. job.user_id, job.created_at, usage_of(job))
  call('ZREM', OURS .. 'usage-of-deleted', job.user_id .. ' ' .. usage_of(job))
  enqueue(job)
end

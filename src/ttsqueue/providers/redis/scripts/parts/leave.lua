--! bullmq removeJob-2
--! part enqueue
--! part shelves
-- It is in no list any more, and not in BullMQ's queue.
local function withdraw(job)
  for _, index in ipairs(lists_of(job)) do call('ZREM', OURS .. index, job.id) end
  let_go_of_active_key(job)
  call('ZADD', OURS .. 'usage-of-deleted', job.created_at, job.user_id .. ' ' .. usage_of(job))
  local bull = bull_id(job)
  if owns(job) then bull_removeJob({BULL .. bull, BULL .. 'repeat'}, {bull, '0', BULL}) end
  call('ZREM', OURS .. 'later', bull)
  if job.bull then call('HDEL', OURS .. 'foreign', bull) end
end

-- Where it leaves to is written down first: `departing` goes on with what half of a script has left. Nothing is written into
-- the job before it is away: done once more, that would make another one, which would take the place of the first.
local function leave(job, to)
  call('HSET', OURS .. 'departed', job.id, to)
  shelve(job.id)
  call('HSET', away('job:', job.id), 'lease', text(job.lease + 1), 'updated_at', now_text)
  withdraw(job)
end

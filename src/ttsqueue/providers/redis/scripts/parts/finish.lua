--! bullmq moveToFinished-14
--! part whose
--! part kept_jobs
-- Ends a job for BullMQ, waiting or active. That we may is decided already: token 0 is BullMQ's word for that.
local function finish_record(id, options_given, target, property, value)
  local b = function(name) return BULL .. name end
  if call('DEL', BULL .. id .. ':lock') == 0 then
    local waited = call('ZREM', b'prioritized', id) == 1 or call('ZREM', b'delayed', id) == 1
      or call('LREM', b'wait', -1, id) == 1
    if waited then call('LPUSH', b'active', id) end
    call('ZREM', OURS .. 'later', id)
  end
  local options = cmsgpack.pack({token = '0', keepJobs = kept_jobs(options_given, target), attempts = 1, maxMetricsSize = ''})
  bull_moveToFinished(
    {
      b'wait', b'active', b'prioritized', b'events', b'stalled', b'limiter', b'delayed', b'paused', b'meta', b'pc',
      BULL .. target, BULL .. id, BULL .. 'metrics:' .. target, b'marker',
    },
    {id, now_ms, property, value, target, '', BULL, options}
  )
end

local function finish(job, target, property, value)
  local id = bull_id(job)
  local marked, options_given = unpack(call('HMGET', BULL .. id, MARK, 'opts'))
  if marked == job.id or owns(job) then finish_record(id, options_given, target, property, value) end
end

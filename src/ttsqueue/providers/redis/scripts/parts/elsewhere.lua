-- Jobs of ours that a worker of BullMQ's speaks, of a Node program. It tells BullMQ that it lives, not us.
local ELSEWHERE = 'bullmq:'

local function is_elsewhere(job)
  return job.status == 'processing' and string.sub(job.worker_id or '', 1, #ELSEWHERE) == ELSEWHERE
end

local function is_alive_elsewhere(job)
  return is_elsewhere(job) and call('EXISTS', BULL .. bull_id(job) .. ':lock') == 1
end

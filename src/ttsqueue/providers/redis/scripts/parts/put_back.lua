-- What is over for us is over for BullMQ, too: a job that a tool retried goes back to where it was. Without an event: who
-- listens there has heard of its end.

-- What BullMQ shows of a result.
local function brief(result)
  local full = cjson.decode(result)
  local files = full.audioFileIds or {}
  local shown = string.sub(cjson.encode({audiobookFileId = full.audiobookFileId, totalDuration = full.totalDuration}), 2)
  if #files > args.most_shown then return '{' .. shown end
  return '{"audioFileIds":' .. (#files > 0 and cjson.encode(files) or '[]') .. ',' .. shown
end

local function leave_all_lists(bull, list)
  for _, set in ipairs({'prioritized', 'delayed', 'completed', 'failed'}) do call('ZREM', BULL .. set, bull) end
  call('LREM', BULL .. (list or 'active'), -1, bull)
  call('DEL', BULL .. bull .. ':lock')
end

local function put_back(job, list, reason)
  local bull, ended = bull_id(job), math.floor(job.completed_at / 1000)
  leave_all_lists(bull, list)
  call('ZADD', BULL .. (job.status == 'completed' and 'completed' or 'failed'), ended, bull)
  call('HSET', BULL .. bull, 'finishedOn', text(ended))
  if job.started_at then call('HSET', BULL .. bull, 'processedOn', text(math.floor(job.started_at / 1000))) end
  if job.status == 'completed' then
    call('HSET', BULL .. bull, 'returnvalue', brief(job.result))
  else
    call('HSET', BULL .. bull, 'failedReason', reason)
  end
end

--! part elsewhere
--! part end_attempt
-- What is written down of a job that a worker of BullMQ's speaks.
local function begin_elsewhere(job)
  begin_attempt(job, ELSEWHERE .. (call('HGET', BULL .. bull_id(job), 'pb') or 'worker'))
  call('ZREM', OURS .. 'later', bull_id(job))
end

local function whole(value, most)
  local is_number = type(value) == 'number' and value == value
  return is_number and math.floor(math.max(math.min(value, most), 0)) or nil
end

-- Its progress is a number, or the like of ours. Answers whether there is anything new.
local function hear(job)
  local fine, told = pcall(cjson.decode, call('HGET', BULL .. bull_id(job), 'progress') or '{}')
  if not fine or type(told) ~= 'table' then told = {percent = fine and told} end
  local percent = math.max(tonumber(job.progress_percent or 0), whole(told.percent, 99) or 0)
  local changes = {
    progress_percent = percent, current_chapter = whole(told.currentChapter, tonumber(job.total_chapters)),
    progress_message = type(told.message) == 'string' and told.message or nil,
  }
  local is_new = now - job.heartbeat_at > 1000000
  for name, value in pairs(changes) do is_new = is_new or text(value) ~= (job[name] or '0') end
  changes.heartbeat_at = now
  if is_new then write(job, changes) end
  return is_new
end

-- A result in the form of ours, whatever the other worker returned.
local function result_of(value)
  local fine, found = pcall(cjson.decode, value or '')
  if not fine or type(found) ~= 'table' then found = {} end
  local files = {}
  for _, file in ipairs(type(found.audioFileIds) == 'table' and found.audioFileIds or {}) do
    files[#files + 1] = tostring(file)
  end
  local book = type(found.audiobookFileId) == 'string' and found.audiobookFileId or cjson.null
  local duration = tonumber(found.totalDuration) or 0
  if not (duration >= 0 and duration < math.huge) then duration = 0 end
  local result = cjson.encode({totalDuration = duration, audiobookFileId = book})
  return '{"audioFileIds":' .. (#files > 0 and cjson.encode(files) or '[]') .. ',' .. string.sub(result, 2)
end

-- `value`: what the worker returned, or why it failed.
local function end_elsewhere(job, where, value)
  local reason = where == 'failed' and (value or 'Failed in another worker.') or nil
  local begun = end_attempt(job, where, reason)
  move(job, where)
  write(job, {
    status = where, lease = job.lease + 1, eta_seconds = false, completed_at = now,
    error_message = reason, last_error = reason,
  })
  if where == 'completed' then
    write(job, {progress_percent = 100, result = result_of(value)})
    call('HDEL', OURS .. 'book:' .. job.id, 'payload') -- the memory is for the books to come
  end
  record(job, where, begun)
  let_go_of_active_key(job)
  count(where, 1)
end

-- What BullMQ's record of the job says about its end.
local function ended_elsewhere(job, where)
  local property = where == 'completed' and 'returnvalue' or 'failedReason'
  end_elsewhere(job, where, call('HGET', BULL .. bull_id(job), property))
end

-- A record of BullMQ's that we wrote, or took over, has our mark: the id of our job. Other programs may remove it and use
-- its name again: what lies there then is another book.
local MARK = 'ttsqueue'

local function book_of(job)
  return OURS .. 'book:' .. job.id
end

local function mark(job)
  call('HSET', BULL .. bull_id(job), MARK, job.id)
end

-- Also when a program has put it in again with the data that we gave it.
local function owns(job)
  local record = BULL .. bull_id(job)
  local marked = call('HGET', record, MARK)
  if marked then return marked == job.id end
  local data = call('HGET', record, 'data')
  return data and string.find(data, '"' .. book_of(job) .. '"', 1, true)
end

-- Another book has its name.
local function take_another_name(job)
  if job.bull and call('HGET', OURS .. 'foreign', job.bull) == job.id then call('HDEL', OURS .. 'foreign', job.bull) end
  write(job, {bull = job.id .. '-' .. job.lease})
  call('HSET', OURS .. 'foreign', job.bull, job.id)
end

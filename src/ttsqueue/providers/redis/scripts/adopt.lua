--! part enqueue
--! part new_job
--! part duplicate
--! part shelves
--! part spoken_elsewhere
--! part whereabouts
--! part when_full
-- Makes a job of ours of one that another program put into the queue; another worker may have it already, or have ended
-- it. ARGV[2]: the outline, ARGV[3]: the payload.
local bull = args.bull
local known = job_of(bull)
if known and owns(known) then return {'ok'} end
local where, list = whereabouts(bull)
if not is_wanted(bull, where) then return {'gone'} end
if known or call('HGET', BULL .. bull, 'timestamp') ~= args.made_at then return {'changed'} end
local twin = twin_of(args)
if twin then return duplicate(twin) end

local is_free = string.find(bull, UUID) and call('EXISTS', key_of(bull), away('job:', bull)) == 0
if is_free then args.id, args.bull = bull, nil end
if where == 'delayed' then
  args.run_at = math.floor(call('ZSCORE', BULL .. 'delayed', bull) / 4096) * 1000
end
pass_when_full() -- its texts are here already
local job = new_job()
if args.bull then call('HSET', OURS .. 'foreign', bull, job.id) end
mark(job)
local is_over = where == 'completed' or where == 'failed'
call('HSET', BULL .. bull, 'priority', job.priority)
if not is_over then call('HSET', BULL .. bull, 'data', data_of(job)) end -- else they stay the producer's
if where == 'delayed' then
  call('ZADD', OURS .. 'later', place(job), bull)
elseif where == 'waiting' then
  if list then call('LREM', BULL .. list, -1, bull) end
  call('ZADD', BULL .. 'prioritized', place(job), bull)
else
  begin_elsewhere(job)
  if where == 'active' then hear(job) else ended_elsewhere(job, where) end
end
pass_on(job.id, true)
return {'ok'}

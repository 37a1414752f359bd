--! part enqueue
--! part shelves
-- ARGV[2]: the outline, ARGV[3]: the payload, both JSON. Whether the job is taken in is decided once for each departure.
local earlier = call('HGET', OURS .. 'arrivals', args.job.id)
local decided = earlier and cjson.decode(earlier)
if decided and decided[1] >= args.lease then return {'ok', decided[2]} end

local function take_in()
  local job = {status = 'pending'}
  for name, value in pairs(args.job) do job[name] = text(value) end
  job.seq = text(call('INCR', OURS .. 'seq'))
  for _, part in ipairs({'attempts:', 'history:'}) do call('DEL', OURS .. part .. job.id) end
  write(job, job)
  call('HSET', OURS .. 'book:' .. job.id, 'outline', ARGV[2], 'payload', ARGV[3])
  for _, chapter in ipairs(args.chapters) do call('HSET', OURS .. 'chapters:' .. job.id, chapter[1], chapter[2]) end
  for _, attempt in ipairs(args.attempts) do call('RPUSH', OURS .. 'attempts:' .. job.id, attempt) end
  for _, change in ipairs(args.history) do call('RPUSH', OURS .. 'history:' .. job.id, change) end
  record(job, args.reason)
  list_anew(job)
  for _, key in ipairs(args.keys) do
    local used = call('HGET', key[1], 'id')
    local seconds_left = math.floor((key[3] + 86400000000 - now) / 1000000)
    if seconds_left > 0 and not (used and call('EXISTS', key_of(used)) == 1) then
      call('HSET', key[1], 'body_hash', key[2], 'id', job.id)
      call('EXPIRE', key[1], seconds_left)
    end
  end
  announce(job.id, true)
end

local twin, here = twin_of(args.job), load(args.job.id)
if here and not is_half_listed(here) then
  twin = nil
  enlist(here) -- half of a script did not
elseif not twin then
  take_in()
end
call('HSET', OURS .. 'arrivals', args.job.id, cjson.encode({args.lease, twin and twin.id or ''}))
call('ZREM', OURS .. 'closed-arrivals', args.job.id)
return {'ok', twin and twin.id or ''}

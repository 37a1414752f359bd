--! part when_full
-- ARGV[2]: the chapter as JSON. `first` is the first chapter that is not finished.
local job = held(args.id, args.token)
if not job then return {'lost'} end
pass_when_full()
local chapters, first = OURS .. 'chapters:' .. job.id, tonumber(job.first or 0)
local moves_on = first == args.position
call('HSET', chapters, text(args.position), cjson.encode({text(now), ARGV[2]}))
while call('HEXISTS', chapters, text(first)) == 1 do first = first + 1 end
write(job, {first = first, attempts = moves_on and 1 or job.attempts, heartbeat_at = now})
local chapter = cjson.decode(call('HGET', OURS .. 'book:' .. job.id, 'outline'))[args.position + 1]
count('characters', chapter and chapter[3] or 0)
count('audio_seconds', args.duration)
announce(job.id, false)
return {'ok', job}

--! part when_full
local job = held(args.id, args.token)
if not job then return {'lost'} end
pass_when_full()
write(job, {voice_id = job.voice_id or args.voice_id})
announce(job.id, false)
return {'ok', job}
